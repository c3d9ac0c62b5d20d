namespace Steward.Oci;

/// <summary>What a registry asks for: a scheme and its parameters (RFC 9110 §11.6.1).</summary>
internal sealed record Challenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    public string? this[string name] => Parameters.GetValueOrDefault(name);

    /// <summary>Reads one header line, which may hold several challenges.</summary>
    public static List<Challenge> Read(string line)
    {
        var all = new List<Challenge>();
        Dictionary<string, string>? into = null;
        for (var at = 0; at < line.Length;)
        {
            at = Skip(line, at);
            var word = Token(line, ref at);
            if (word.Length == 0)
                break;
            var after = at;
            while (after < line.Length && line[after] == ' ')
                after++;
            if (after < line.Length && line[after] == '=' && into is not null)
            {
                at = after + 1;
                while (at < line.Length && line[at] == ' ')
                    at++;
                into[word] = Value(line, ref at);
            }
            else
            {
                into = new(StringComparer.OrdinalIgnoreCase);
                all.Add(new(word.ToLowerInvariant(), into));
            }
        }

        return all;
    }

    private static int Skip(string line, int at)
    {
        while (at < line.Length && line[at] is (' ' or ',' or '\t'))
            at++;
        return at;
    }

    private static string Token(string line, ref int at)
    {
        var from = at;
        while (at < line.Length && line[at] is not (' ' or ',' or '=' or '"' or '\t'))
            at++;
        return line[from..at];
    }

    private static string Value(string line, ref int at)
    {
        if (at >= line.Length || line[at] != '"')
            return Token(line, ref at);
        var value = new System.Text.StringBuilder();
        for (at++; at < line.Length && line[at] != '"'; at++)
        {
            if (line[at] == '\\' && at + 1 < line.Length)
                at++;
            value.Append(line[at]);
        }

        at++;
        return value.ToString();
    }
}
