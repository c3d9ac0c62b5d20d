namespace Steward.Drawing;

/// <summary>Words or a bubble found no place. Thrown for lack of room alone: a press answers it with a taller panel.</summary>
public sealed class NoRoomException(string message) : Exception(message);
