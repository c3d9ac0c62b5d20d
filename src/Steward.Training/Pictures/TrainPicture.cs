namespace Steward.Training;

/// <summary>One labelled picture.</summary>
/// <param name="Rgb">Bytes of a square, rows from the top, red, green, blue.</param>
/// <param name="Label">Place in <see cref="PictureClassifierOptions.Labels"/>.</param>
/// <param name="Weight">How much it counts against an ordinary picture; more for the few that show a new world.</param>
public sealed record TrainPicture(byte[] Rgb, int Label, float Weight = 1);
