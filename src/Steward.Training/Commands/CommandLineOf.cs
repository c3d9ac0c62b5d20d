namespace Steward.Training;

/// <summary>A command as the project file writes it, as an array of arguments: no shell ever reads it.</summary>
internal static class CommandLineOf
{
    /// <summary>Words apart by spaces, quotes hold words together, <c>${name}</c> is a parameter's value.</summary>
    /// <exception cref="ProblemException"><c>command_invalid</c>.</exception>
    public static List<string> Read(string command, IReadOnlyDictionary<string, string> values)
    {
        var (words, word, quote, begun) = (new List<string>(), new System.Text.StringBuilder(), '\0', false);
        for (var i = 0; i < command.Length; i++)
        {
            var c = command[i];
            if (quote != '\0' ? c == quote : c is '"' or '\'')
                (quote, begun) = (quote != '\0' ? '\0' : c, true);
            else if (quote == '\0' && char.IsWhiteSpace(c))
            {
                if (begun)
                    words.Add(word.ToString());
                word.Clear();
                begun = false;
            }
            else if (c == '$' && i + 1 < command.Length && command[i + 1] == '{' && command.IndexOf('}', i) is > 0 and var end)
            {
                // The value is one word, or a part of it, whatever it holds.
                var name = command[(i + 2)..end];
                word.Append(values.TryGetValue(name, out var value) ? value : throw Wrong($"There is no parameter '{Names.Shorten(name)}'", values.Count == 0 ? "Give it a value under train.params." : $"The parameters are {string.Join(", ", values.Keys.Order(StringComparer.Ordinal))}."));
                (i, begun) = (end, true);
            }
            else
            {
                word.Append(c);
                begun = true;
            }
        }
        if (quote != '\0')
            throw Wrong("A quote is opened and never closed", "Close it, or leave it out.");
        if (begun)
            words.Add(word.ToString());
        return words.Count > 0 ? words : throw Wrong("There is no command", "Write train.run: python train.py");
    }

    private static ProblemException Wrong(string why, string help) => ProblemException.Invalid("command_invalid", why + " in train.run.", help);
}
