namespace Steward.Models.Tests;

/// <summary>
/// The rules of a sign-off once more, as a person would keep them on paper: a list of who said what last, who is bound to
/// which party, and how it ended. It shares nothing with the product, so that both cannot be wrong in the same way.
/// </summary>
internal sealed class PlainRules
{
    private readonly Dictionary<string, string[]> _people = new() { ["ops"] = ["dev", "sam", "pat", "rita"], ["science"] = ["li", "mo", "pat"] };
    private readonly Dictionary<string, int> _need = new() { ["ops"] = 1, ["science"] = 2 };
    private readonly Dictionary<string, (string Party, char Sign)> _last = [];
    private string? _end;
    private int _hours, _questions;
    private bool _answered;

    public string State => _end ?? (_hours >= 72 ? "expired" : "open");

    /// <summary>Writes one deed down; the code of the refusal, or nothing.</summary>
    public string Take(string word)
    {
        if (word == "late")
            _hours += 25;
        else if (word == "void")
            _end ??= "voided";
        else
            return State != "open" ? (State == "expired" ? "signoff_expired" : "signoff_over") : word.Contains('!', StringComparison.Ordinal) ? Requester(word.Split('!')) : Vote(word);
        return "";
    }

    private string Requester(string[] deed)
    {
        if (deed[0] != "rita")
            return "denied";
        if (deed[1] == "withdraw")
            _end = "withdrawn";
        else if (_questions == 0)
            return "question_not_found";
        else if (_answered)
            return "answered_already";
        else
            _answered = true;
        return "";
    }

    private string Vote(string word)
    {
        var sign = word.First("+?-".Contains);
        var (person, party) = (word.Split(sign)[0], word.Split(sign)[1]);
        if (!_people.TryGetValue(party, out var members))
            return "party_not_found";
        if (person == "rita" || !members.Contains(person))
            return "denied";
        if (_last.TryGetValue(person, out var before) && before.Party != party)
            return "denied";
        if (before.Sign == '+' && sign == '+')
            return "voted_already";
        _last[person] = (party, sign);
        _questions += sign == '?' ? 1 : 0;
        if (sign == '-')
            _end = "rejected";
        else if (_need.All(rule => _last.Values.Count(said => said == (rule.Key, '+')) >= rule.Value))
            _end = "approved";
        return "";
    }
}
