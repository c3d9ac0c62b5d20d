namespace Steward.Pipelines;

/// <summary>Runs a program with its arguments, no shell between, in a folder of its own.</summary>
public sealed record CommandPlan : StepSettings
{
    public IReadOnlyList<string> Run { get; init; } = [];

    /// <summary>Its environment; a value <c>secret://name</c> is the server's STEWARD_SECRET_NAME, and never shown.</summary>
    public IReadOnlyDictionary<string, string> Env { get; init; } = new Dictionary<string, string>();

    /// <summary>The engine: this machine when nothing is said, one of the server's by name, or <c>agents:onprem</c>, the project's agents with that label.</summary>
    public string? RunOn { get; init; }

    /// <summary>A folder, <c>inbox:/plant/</c> or <c>CONNECTION:/raw/</c>, that gets every file which the command leaves where it was started.</summary>
    public string? Brings { get; init; }

    internal override string Kind => "command";

    internal override string InWords() => $"runs {Names.Shorten(string.Join(' ', Run), 60)}{(RunOn is null ? "" : $" on {Names.Shorten(RunOn, 60)}")}{(Brings is null ? "" : $" and brings its files to {Names.Shorten(Brings, 100)}")}";

    internal override IEnumerable<string> Complaints()
    {
        if (Run.Count is < 1 or > 200 || Run[0].Length == 0 || Run.Any(one => one.Length > 10_000 || one.Contains('\0', StringComparison.Ordinal)))
            yield return "write what to run as a list: run: [python3, prepare.py].";
        if (Brings is not null && (!Places.IsWritten(Brings) || !Brings.EndsWith('/') || Brings.AsSpan().IndexOfAny('*', '?') >= 0))
            yield return "brings is a folder, a connection or inbox before the colon: brings: inbox:/plant/.";
        if (Env.Count > 100 || Env.Keys.Any(name => name.Length is 0 or > 100 || name.StartsWith("STEWARD_", StringComparison.Ordinal) || name.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '_')))
            yield return "env has names of letters, digits and underscores that do not begin with STEWARD_.";
    }
}
