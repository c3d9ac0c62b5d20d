namespace Steward.Stories;

/// <summary>One place where a story shows a fact.</summary>
/// <param name="Panel">From 1; 0 outside the panels.</param>
/// <param name="Slot">Where in the panel: <c>caption</c>, a speaker, <c>sign</c>, or <c>drawn</c> for what is counted or measured in the picture.</param>
/// <param name="Shown">What people read or count.</param>
/// <param name="Mark">The letter that leads to the source.</param>
public sealed record Cite(int Panel, string Slot, string Fact, string Format, string Shown, string Mark);
