namespace Steward.Host.Home;

internal static class Words
{
    private static readonly string[] Small = ["Nothing needs", "One thing needs", "Two things need", "Three things need", "Four things need", "Five things need", "Six things need"];

    /// <summary>The sentence at the top: how much waits for the person who looks.</summary>
    public static string NeedYou(int count) => (count < Small.Length ? Small[count] : $"{count} things need") + " you";
}
