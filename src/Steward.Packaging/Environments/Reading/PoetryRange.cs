namespace Steward.Packaging;

/// <summary>Poetry's shorthands in the words of PEP 440: <c>^1.2.3</c> is <c>&gt;=1.2.3,&lt;2.0.0</c>, <c>~1.2</c> is <c>&gt;=1.2,&lt;1.3</c>.</summary>
internal static class PoetryRange
{
    public static string ToPep440(string range)
    {
        if (range.Contains('|', StringComparison.Ordinal))
            throw new FormatException($"'{Names.Shorten(range)}' says \"or\", which no other tool can read; write one range.");
        return string.Join(',', range.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Clause).Where(clause => clause.Length > 0));
    }

    private static string Clause(string text)
    {
        if (text == "*")
            return "";
        if (text[0] == '^' || text[0] == '~' && !text.StartsWith("~=", StringComparison.Ordinal))
        {
            var version = Pep440.Read(text[1..].Trim());
            var numbers = version.Numbers;
            var place = text[0] == '~' ? Math.Min(1, numbers.Count - 1) : Math.Min(numbers.TakeWhile(number => number == 0).Count(), numbers.Count - 1);
            var next = numbers.Select((number, i) => i < place ? number : i == place ? number + 1 : 0).ToArray();
            return $">={version},<{string.Join('.', next)}";
        }

        return char.IsAsciiDigit(text[0]) ? $"=={text}" : text.Replace(" ", "", StringComparison.Ordinal);
    }
}
