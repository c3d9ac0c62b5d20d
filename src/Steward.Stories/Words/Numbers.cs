namespace Steward.Stories;

/// <summary>Whole numbers in words, as far as a story counts: below a thousand millions of millions.</summary>
internal static class Numbers
{
    private static readonly string[] EnglishOnes = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"];
    private static readonly string[] EnglishTens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
    private static readonly (long Size, string Name)[] EnglishScales = [(1_000_000_000_000, "trillion"), (1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand"), (100, "hundred")];

    private static readonly string[] GermanOnes = ["null", "eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "elf", "zwölf", "dreizehn", "vierzehn", "fünfzehn", "sechzehn", "siebzehn", "achtzehn", "neunzehn"];
    private static readonly string[] GermanTens = ["", "", "zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"];
    private static readonly (long Size, string One, string Many)[] GermanScales = [(1_000_000_000_000, "eine Billion", "Billionen"), (1_000_000_000, "eine Milliarde", "Milliarden"), (1_000_000, "eine Million", "Millionen")];

    public static string English(long number)
    {
        foreach (var (size, name) in EnglishScales)
            if (number >= size)
                return English(number / size) + " " + name + (number % size == 0 ? "" : " " + English(number % size));
        return number < 20 ? EnglishOnes[number] : EnglishTens[number / 10] + (number % 10 == 0 ? "" : " " + EnglishOnes[number % 10]);
    }

    /// <summary>1st is "first", 21st is "twenty first".</summary>
    public static string EnglishOrdinal(long number)
    {
        var words = English(number).Split(' ');
        words[^1] = words[^1] switch
        {
            "one" => "first", "two" => "second", "three" => "third", "five" => "fifth", "eight" => "eighth", "nine" => "ninth", "twelve" => "twelfth",
            [.., 'y'] last => last[..^1] + "ieth",
            var last => last + "th",
        };
        return string.Join(' ', words);
    }

    public static string German(long number)
    {
        foreach (var (size, one, many) in GermanScales)
            if (number >= size)
                return (number / size == 1 ? one : German(number / size) + " " + many) + (number % size == 0 ? "" : " " + German(number % size));
        return Word(number);
    }

    /// <summary>Below a million a German number is one word.</summary>
    private static string Word(long number) => number switch
    {
        < 20 => GermanOnes[number],
        < 100 => (number % 10 == 0 ? "" : Before(number % 10) + "und") + GermanTens[number / 10],
        < 1000 => (number < 200 ? "" : Before(number / 100)) + "hundert" + (number % 100 == 0 ? "" : Word(number % 100)),
        _ => (number < 2000 ? "" : Before(number / 1000)) + "tausend" + (number % 1000 == 0 ? "" : Word(number % 1000)),
    };

    /// <summary>"eins" loses its s before more of the word.</summary>
    private static string Before(long number) => Word(number) is var word && word.EndsWith("eins", StringComparison.Ordinal) ? word[..^1] : word;

    /// <summary>The form after "am": "ersten", "zwölften", "zwanzigsten".</summary>
    public static string GermanOrdinal(long number) => number switch
    {
        1 => "ersten", 3 => "dritten", 7 => "siebten", 8 => "achten",
        < 20 => German(number) + "ten",
        _ => German(number) + "sten",
    };
}
