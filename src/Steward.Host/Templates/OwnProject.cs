using System.Globalization;
using System.Text.Json;
using Steward.Data;

namespace Steward.Host.Templates;

/// <summary>A project for a folder of somebody's own pictures: what is known of them decides what its file asks for.</summary>
/// <param name="Name">Of project, model and endpoint.</param>
internal sealed record OwnProject(string Name, PictureFolder Folder)
{
    private const int MostInWindow = 100, FewestInWindow = 20;

    /// <summary>How many answers are judged together: about half of the test pictures, so that they fill two windows.</summary>
    public int Window => Math.Clamp((Folder.HasSplits ? Folder.Pictures.Count(picture => picture.Split is Split.Test) : Folder.Pictures.Count / 5) / 2, FewestInWindow, MostInWindow);

    public int Kinds => Folder.Kinds.Count;

    /// <summary>
    /// Nobody knows what can be reached on unknown pictures; a model that is to be signed is at least twice as good as guessing,
    /// and a good deal better where guessing is good already.
    /// </summary>
    public double Gate => Math.Round(Math.Clamp(2.0 / Kinds, 0.3, 0.7), 2);

    /// <summary>Reads the folder and refuses what nothing could be learned from; nothing long has begun then.</summary>
    public static OwnProject Of(string images, string? name, CancellationToken stop)
    {
        var folder = PictureFolder.Read(images, stop).Learnable();
        return new(name is null ? NameFor(folder.Root) : Names.Check("project", name), folder);
    }

    /// <param name="path">Where <c>steward data add</c> finds the pictures.</param>
    /// <param name="leaksAllowed">The pictures are taken as they are; leaks are told, not refused.</param>
    /// <param name="drill">As long as pictures are made up for a trial: nobody is asked to name them, nothing learns from them, and no incident of it is told as true.</param>
    public string Yaml(string path, bool leaksAllowed = false, bool drill = false)
    {
        var text = Template.File("pictures")
            .Replace("{project}", Name, StringComparison.Ordinal)
            .Replace("{path}", JsonSerializer.Serialize(path), StringComparison.Ordinal)
            .Replace("{split}", Folder.HasSplits ? "the folder has splits of its own, which stay; these are for pictures without one" : "of each kind", StringComparison.Ordinal)
            .Replace("{fewest}", Number(PictureFolder.FewestOfAKind), StringComparison.Ordinal)
            .Replace("{gate}", Number(Gate), StringComparison.Ordinal)
            .Replace("{guessing}", $"guessing among {Kinds} kinds", StringComparison.Ordinal)
            .Replace("{chance}", Number(Math.Round(1.0 / Kinds, 2)), StringComparison.Ordinal)
            .Replace("{window}", Number(Window), StringComparison.Ordinal);
        if (leaksAllowed)
            text = text.Replace("      - {check: no_leak_between_splits}\n", "", StringComparison.Ordinal);
        return drill ? text.Replace(", ask_for_labels: {batch: 40}, retrain", "", StringComparison.Ordinal).Replace("\nmonitor:\n", "\nmonitor:\n  drill: true\n", StringComparison.Ordinal) : text;
    }

    /// <summary>From the folder's name what a project may be called; <c>pictures</c> where nothing of it is left.</summary>
    private static string NameFor(string folder)
    {
        var plain = new string([.. Path.GetFileName(folder).ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-')]);
        var name = string.Join('-', plain.Split('-', StringSplitOptions.RemoveEmptyEntries)).TrimStart([.. "0123456789-"]);
        return name.Length == 0 ? "pictures" : name[..Math.Min(name.Length, 63)].TrimEnd('-');
    }

    private static string Number(double value) => value.ToString(CultureInfo.InvariantCulture);
}
