using System.Text.Json.Serialization;
using Spectre.Console;
using Steward.Host.Templates;

namespace Steward.Host.Demo;

/// <summary>What <c>steward demo forecast --json</c> prints.</summary>
/// <param name="Mase">Errors in those of a naive forecast on the training days; with the ends of its 95 % interval.</param>
/// <param name="SeasonalNaive">The same of 'as a week ago'.</param>
/// <param name="Tested">On how many forecasts.</param>
/// <param name="Ahead">What the endpoint told.</param>
internal sealed record ForecastSummary(
    string Address, string Data, double Seconds, double Mase, double Low, double High, double SeasonalNaive, int Tested, Released Version, IReadOnlyList<Ahead> Ahead, IReadOnlyList<Refused> Refusals, IReadOnlyList<Login> SignIns, IReadOnlyList<DemoStep> Steps) : IDemoSummary
{
    [JsonIgnore]
    public string Project => Template.Forecast;

    [JsonIgnore]
    public IReadOnlyList<ToldStory> Stories => [];

    public void Conclude(DemoTelling tell)
    {
        tell.Chapter("What happened");
        tell.Line($"  error of two weeks ahead  [bold]{Mase:0.000}[/] (95 %: {Low:0.000} to {High:0.000}), as a week ago {SeasonalNaive:0.000}, in MASE on {Tested:N0} forecasts");
        foreach (var refused in Refusals.Take(1))
            tell.Line($"  refused, as it should be: {Markup.Escape(refused.What)} (exit code {refused.ExitCode})");
        IDemoSummary.Farewell(tell, this);
    }
}

/// <param name="Value">What the endpoint told of this day, in thousands of people.</param>
/// <param name="Written">What its training wrote down of it.</param>
internal sealed record Ahead(DateTime Date, double Value, double Written);
