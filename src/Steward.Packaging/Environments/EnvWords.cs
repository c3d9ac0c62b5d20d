using System.CommandLine;
using System.Text;
using Steward.Cli;

namespace Steward.Packaging;

/// <summary>What <c>steward env</c> says: plain words for people, one document for programs.</summary>
internal static class EnvWords
{
    public static void Explained(ParseResult line, WantedEnvironment asked, IReadOnlyList<Explanation> told)
    {
        if (line.GetValue(Show.AsJson))
            Console.WriteLine(Json.Write(new { fits = told.All(one => one.Fits), environments = told, doubles = asked.Doubles(), notes = Notes(asked) }));
        else
            Console.Write(Words(asked, told));
    }

    public static void Locked(ParseResult line, WantedEnvironment asked, EnvironmentLock made, string path)
    {
        if (line.GetValue(Show.AsJson))
        {
            Console.WriteLine(Json.Write(new { path, made.Digest, made.Environments, doubles = asked.Doubles(), notes = Notes(asked) }));
            return;
        }

        var text = Around(asked);
        foreach (var one in made.Environments)
            text.AppendLine($"{Name(one.Runtime, one.Version)} for {one.Platform}: {Say.Count(one.Packages.Count, "package")}, {one.Packages.Count(package => package.Hashes.Count > 0)} with hashes.");
        text.AppendLine($"Written: {path}, {made.Digest}");
        Console.Write(text);
    }

    public static string Words(WantedEnvironment asked, IReadOnlyList<Explanation> told)
    {
        var text = Around(asked);
        foreach (var one in told)
            if (one.Fits)
                text.AppendLine($"{Name(one.Runtime, one.Interpreter)}: everything fits, {Say.Count(one.Packages.Count, "package")}.");
            else
                foreach (var conflict in one.Conflicts)
                    Told(text, one, conflict);
        return text.ToString();
    }

    private static void Told(StringBuilder text, Explanation one, Conflict conflict)
    {
        text.AppendLine($"{Name(one.Runtime, one.Interpreter)}: these cannot be installed together:");
        foreach (var asked in conflict.Lines)
            text.AppendLine($"  {asked}");
        foreach (var clash in conflict.Clashes)
        {
            text.AppendLine(clash.Nothing is null ? $"No version of {clash.Package} pleases everybody:" : $"No version of {clash.Package} is right: {clash.Nothing}.");
            foreach (var demand in clash.Demands)
                text.AppendLine(demand.Through.Count == 0 ? $"  {demand.By} asks for {demand.Range}" : $"  {demand.By} needs {demand.Range}, and comes from {string.Join(" -> ", demand.Through)}");
        }

        text.AppendLine(conflict.Ways.Count == 0 ? "No change of these lines alone mends it: other versions must become known, or one of the lines must go." : "The smallest change that works:");
        foreach (var (way, i) in conflict.Ways.Select((way, i) => (way, i)))
        {
            if (i == 1)
                text.AppendLine("Or:");
            text.AppendLine($"  {string.Join(", and ", way.Select(change => $"write {change.To} instead of {change.From} ({change.At})"))}");
        }
    }

    /// <summary>What a person should know before: on what this rests, and what is there twice.</summary>
    private static StringBuilder Around(WantedEnvironment asked)
    {
        var text = new StringBuilder();
        foreach (var note in Notes(asked))
            text.AppendLine(note);
        foreach (var twice in asked.Doubles())
            text.AppendLine($"{twice.Name} is asked for twice: {twice.First} and {twice.Second}{(twice.Agree ? "" : "; no version pleases both")}.");
        return text;
    }

    private static List<string> Notes(WantedEnvironment asked) =>
    [
        asked.Index.Count == asked.Interpreters.Count(one => one.Runtime is Runtime.Python) ? "No index is known: this rests on the files alone. What packages need themselves is not seen; name an index with --index." : "No network is used: this rests on the files and the local index.",
        .. asked.Files.Notes,
        .. asked.Interpreters.Select(one => one.Note).OfType<string>(),
        .. asked.Index.LeftOut.Count > 0 ? [$"{Say.Count(asked.Index.LeftOut.Count, "version")} of the index could not be read and are left out: {string.Join(", ", asked.Index.LeftOut.Take(3))}."] : Array.Empty<string>(),
    ];

    private static string Name(Runtime runtime, string version) => $"{runtime.Title()} {version}".Trim();
}
