namespace Steward.Data.Pages;

/// <summary>Which pictures of a snapshot are shown.</summary>
public sealed record PictureFilter(string? Split, string? Label, string? Source)
{
    internal bool IsEmpty => string.IsNullOrEmpty(Split) && string.IsNullOrEmpty(Label) && string.IsNullOrEmpty(Source);

    internal string Query => string.Concat(new[] { ("split", Split), ("label", Label), ("source", Source) }.Where(pair => !string.IsNullOrEmpty(pair.Item2)).Select(pair => $"&{pair.Item1}={Uri.EscapeDataString(pair.Item2!)}"));
}
