namespace Steward.Packaging;

/// <summary>Which interpreter an environment is for, and who said so.</summary>
/// <param name="Version">Exact.</param>
/// <param name="Wanted">What the solver is told.</param>
/// <param name="Note">What a person should know of the choice; null when they made it.</param>
public sealed record Interpreter(Runtime Runtime, string Version, IReadOnlyList<Wanted> Wanted, string? Note)
{
    /// <param name="said">What the person or the project file says: <c>3.11</c> or <c>3.11.9</c>.</param>
    public static Interpreter Choose(Runtime runtime, IEnumerable<Wanted> all, string? said, string saidBy)
    {
        List<Wanted> files = [.. all.Where(one => one.IsInterpreter && one.World.RunsOn() == runtime)];
        if (runtime is not Runtime.Python)
            return new(runtime, files.Select(one => Exact(one)).FirstOrDefault(version => version is not null) ?? "", files, null);
        if (said is not null)
        {
            var version = Newest(Exactly(said)) ?? throw ProblemException.Invalid("python_unknown", $"'{Names.Shorten(said)}' is no Python that Steward knows.", $"Say one of: {string.Join(", ", PythonLife.Lines.Select(line => line.Line))}.");
            return new(runtime, version, [Want(version, said, new(saidBy, 0)), .. files], null);
        }

        var allowed = files.Select(In).Aggregate(VersionSet.Any, (both, one) => both.Intersect(one));
        if (files.Count == 0)
            return new(runtime, PythonLife.Usual.Last, [Want(PythonLife.Usual.Last, PythonLife.Usual.Line, new("nobody", 0))], $"Nothing says which Python: {PythonLife.Usual.Line} is taken. Say another with --python.");
        return Newest(allowed) is { } found
            ? new(runtime, found, files.Count == 1 ? [files[0] with { Allowed = Only(files[0].World, found) }] : [.. files], IsLoose(allowed) ? $"{files[0].At} allows several Pythons: {found} is taken. Say another with --python." : null)
            : new(runtime, Newest(In(files[0])) ?? PythonLife.Usual.Last, files, null);
    }

    /// <summary>Every line that is known, and the exact one that somebody named.</summary>
    public PackageIndex Candidates()
    {
        var index = new PackageIndex();
        if (Runtime is Runtime.Python)
            foreach (var version in PythonLife.Lines.Select(line => line.Last).Where(last => PythonLife.Of(last) != PythonLife.Of(Version)).Append(Version))
                index.Add(World.Pip, "python", new(World.Pip, VersionScheme.Pep440.Version(version), version, []));
        return index;
    }

    private static Wanted Want(string version, string said, Place by) => new(World.Pip, "python", $"=={said}", VersionScheme.Pep440.Range($"=={version}"), by) { IsInterpreter = true };

    private static VersionSet Only(World world, string version) => VersionSet.Only(world.Scheme().Version(version));

    private static VersionSet In(Wanted one) => one.World is World.Conda ? CondaInPython.Range(one.Range) ?? VersionSet.Any : one.Allowed;

    private static VersionSet Exactly(string said)
    {
        try
        {
            return VersionScheme.Pep440.Range(said.Count(c => c == '.') < 2 ? $"=={said}.*" : $"=={said}");
        }
        catch (FormatException)
        {
            return VersionSet.None;
        }
    }

    /// <summary>The newest known release inside; where none is, as in <c>=3.9.18</c>, the one that the range itself names.</summary>
    private static string? Newest(VersionSet allowed)
        => PythonLife.Lines.LastOrDefault(line => allowed.Contains(VersionScheme.Pep440.Version(line.Last)))?.Last
            ?? allowed.Pieces.Select(piece => piece.From.At?.Plain).FirstOrDefault(named => named is not null && named.Count(c => c == '.') == 2 && PythonLife.Of(named) is not null && allowed.Contains(VersionScheme.Pep440.Version(named)));

    private static bool IsLoose(VersionSet allowed) => PythonLife.Lines.Count(line => allowed.Contains(VersionScheme.Pep440.Version(line.Last))) > 1;

    private static string? Exact(Wanted one) => one.Allowed.Pieces is [{ From: { IsAfter: false, At: { } at }, To: { IsAfter: true, At: { } end } }] && at.Plain == end.Plain ? at.Text : null;
}
