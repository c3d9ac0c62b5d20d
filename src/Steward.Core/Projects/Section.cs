namespace Steward.Projects;

/// <summary>One top-level key of <c>steward.yaml</c> and the record it is read into.</summary>
/// <param name="Key">The key, snake_case.</param>
/// <param name="Shape">A record with <c>init</c> properties; property names are the keys in snake_case, doc comments explain them.</param>
/// <param name="Purpose">One sentence for the JSON Schema and the error messages.</param>
/// <param name="Check">More than a shape can say: yields complaints as (key path, sentence).</param>
public sealed record Section(string Key, Type Shape, string Purpose, Func<object, IEnumerable<(string Path, string Why)>>? Check = null)
{
    public static Section Of<T>(string key, string purpose, Func<T, IEnumerable<(string Path, string Why)>>? check = null) where T : class
        => new(key, typeof(T), purpose, check is null ? null : value => check((T)value));
}

/// <summary>A project file as it was read: each section as the record of the room it belongs to.</summary>
public sealed record ProjectFile(string Project, string Title, string Text, IReadOnlyDictionary<string, object> Sections)
{
    /// <summary>The section, or its defaults when the file does not have it.</summary>
    public T Get<T>(string key) where T : class, new() => Sections.TryGetValue(key, out var value) ? (T)value : new T();

    public bool Has(string key) => Sections.ContainsKey(key);
}

/// <summary>One complaint about a project file, with the place and what to write instead.</summary>
public sealed record Complaint(int Line, int Column, string Path, string Why, string? Try = null);
