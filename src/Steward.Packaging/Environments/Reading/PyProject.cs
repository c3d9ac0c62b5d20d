namespace Steward.Packaging;

/// <summary>Reads pyproject.toml: [project] of PEP 621, or Poetry's own tables.</summary>
internal static class PyProject
{
    public static void Read(Reading all, string name)
    {
        if (all.Open(name) is not { } source || TomlItem.Read(all, source) is not { } root)
            return;
        var (project, poetry) = (root["project"], root["tool"]?["poetry"]);
        if (project?["dependencies"] is null && poetry?["dependencies"] is null)
            all.Notes.Add($"{name} asks for nothing: there is neither [project] with dependencies nor [tool.poetry.dependencies].");
        if (project is not null)
            Standard(all, name, project);
        if (poetry?["dependencies"] is { } asked)
            foreach (var (package, value) in asked.Keys)
                all.At(new(name, value.Line), () => Poetry(all, new(name, value.Line), package, value));
    }

    private static void Standard(Reading all, string name, TomlItem project)
    {
        if (project["requires-python"] is { Text: { } range } python)
            all.At(new(name, python.Line), () => Python(all, new(name, python.Line), range));
        foreach (var item in project["dependencies"]?.Items ?? [])
            all.At(new(name, item.Line), () =>
            {
                var read = PipRequirement.Parse(item.Text ?? throw new FormatException("a dependency is one string."));
                all.Add(new(World.Pip, read.Name, read.Range, read.Allowed, new(name, item.Line)) { Extras = read.Extras, When = read.When });
            });
    }

    private static void Python(Reading all, Place at, string range)
        => all.Add(new(World.Pip, "python", range.Replace(" ", "", StringComparison.Ordinal), VersionScheme.Pep440.Range(range), at) { IsInterpreter = true });

    private static void Poetry(Reading all, Place at, string package, TomlItem value)
    {
        if (value["git"] is not null || value["url"] is not null || value["path"] is not null || value["file"] is not null)
            throw new FormatException($"'{Names.Shorten(package)}' is asked for by an address or a path, which says no version that could be compared or locked.");
        if (value["optional"]?.Text == "true")
            return;
        if (value.Items.Count > 0)
        {
            foreach (var one in value.Items)
                Poetry(all, at, package, one);
            return;
        }

        var range = PoetryRange.ToPep440(value.Text ?? value["version"]?.Text ?? "*");
        if (package == "python")
            Python(all, at, range);
        else
            all.Add(new(World.Pip, PackageName.Check(World.Pip, package), range, VersionScheme.Pep440.Range(range), at)
            {
                Extras = [.. (value["extras"]?.Items ?? []).Select(extra => PackageName.Check(World.Pip, extra.Text ?? "")).Order(StringComparer.Ordinal)],
                When = When(value),
            });
    }

    private static Marker? When(TomlItem value)
    {
        string[] conditions = [.. value["markers"]?.Text is { } markers ? [$"({markers})"] : Array.Empty<string>(),
            .. value["python"]?.Text is { } python ? PoetryRange.ToPep440(python).Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Condition) : []];
        return conditions.Length == 0 ? null : Marker.Parse(string.Join(" and ", conditions));
    }

    private static string Condition(string clause)
    {
        var at = clause.TakeWhile(c => !char.IsAsciiDigit(c)).Count();
        return $"python_version {clause[..at]} '{clause[at..]}'";
    }
}
