namespace Steward.Stories;

/// <summary>A list of words as it lies in the program: one entry a line, <c>[section]</c> lines, <c>#</c> comments.</summary>
internal sealed class WordList
{
    private readonly Dictionary<string, List<string>> _sections = [];

    public IEnumerable<string> this[string section] => _sections.TryGetValue(section, out var lines) ? lines : [];

    public IEnumerable<string> Lines => _sections.Values.SelectMany(lines => lines);

    public static WordList Read(string language, string name)
    {
        using var file = typeof(WordList).Assembly.GetManifestResourceStream($"words/{language}/{name}.txt")
            ?? throw new FileNotFoundException($"The word list {language}/{name} is not part of the program.");
        using var reader = new StreamReader(file);
        var list = new WordList();
        var section = "";
        while (reader.ReadLine() is { } line)
        {
            line = line.Split('#')[0].Trim();
            if (line is ['[', .., ']'])
                section = line[1..^1];
            else if (line.Length > 0)
                (list._sections.TryGetValue(section, out var lines) ? lines : list._sections[section] = []).Add(line);
        }
        return list;
    }

    /// <summary>The lines as <c>key = value</c>.</summary>
    public IEnumerable<KeyValuePair<string, string>> Pairs() => Lines.Select(line => line.Split('=', 2, StringSplitOptions.TrimEntries)).Select(pair => KeyValuePair.Create(pair[0], pair[1]));

    /// <summary>The words and phrases of a section, between commas.</summary>
    public IEnumerable<string> Phrases(string section) => this[section].SelectMany(line => line.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    /// <summary>Every single word of a section.</summary>
    public IEnumerable<string> Words(string section) => this[section].SelectMany(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries));
}
