namespace Steward.Stories;

/// <summary>Checks the texts themselves, before any fact is in them: no claim by hand, nobody blamed, nothing left untranslated.</summary>
internal static class CatalogueLint
{
    public static IEnumerable<Finding> Of(Catalogue language)
    {
        foreach (var path in language.Paths.Where(path => path.StartsWith("stories.", StringComparison.Ordinal)))
        {
            var text = language.Text(path);
            if (Language.All.FirstOrDefault(one => one.Code == language.Code) is not { } grammar)
                continue;
            // F1 is the name of a measure.
            foreach (var claim in Claims.In(text, grammar).Where(claim => claim.Text is not "F1"))
                yield return new("claim", $"{language.Code} {path}", $"'{claim.Text}' claims a number that no fact stands behind: {text}");
            foreach (var slip in Blame.In(text, grammar))
                yield return new("blame", $"{language.Code} {path}", $"'{slip.Text}' blames a person: {text}");
            foreach (var slip in Blame.Gloating(text, grammar))
                yield return new("gloating", $"{language.Code} {path}", $"'{slip.Text}' gloats: {text}");
        }

        foreach (var path in Catalogue.English.Paths.Where(path => language.Find(path) is null && !path.Contains('@', StringComparison.Ordinal)))
            yield return new("untranslated", $"{language.Code} {path}", "The text is missing.");
    }
}
