using System.Globalization;
using System.Text.Json.Serialization;
using Spectre.Console;
using Steward.Host.Templates;

namespace Steward.Host.Demo;

/// <summary>What <c>steward demo offers --json</c> prints.</summary>
internal sealed record OffersSummary(
    string Address, string Data, double Seconds, IReadOnlyList<PipelineFacts> Pipelines, Correction Correction, SetAside Quarantine, Reconciled Counts, SameName Product, Proven Proof, Published Lists, ReadOffer Application,
    IReadOnlyList<Released> Versions, IReadOnlyList<Refused> Refusals, IReadOnlyList<Login> SignIns, IReadOnlyList<DemoStep> Steps) : IDemoSummary
{
    [JsonIgnore]
    public string Project => Template.Offers;

    [JsonIgnore]
    public IReadOnlyList<ToldStory> Stories => [];

    public void Conclude(DemoTelling tell)
    {
        tell.Chapter("What happened");
        tell.Line($"  windows               [bold]{Pipelines.Sum(one => one.Windows)}[/] of {Say.Count(Pipelines.Count, "pipeline")}, each took effect once; one was refused and made again");
        tell.Line($"  rows in files         [bold]{Counts.Read:N0}[/] = {Counts.Kept:N0} kept + {Counts.SetAside:N0} set aside");
        foreach (var row in Quarantine.Rows)
            tell.Line($"    [grey]{Markup.Escape($"{row.File} line {row.Line}: {row.Reason}")}[/]");
        tell.Line($"  one name, two tables  {Product.Table:N0} products in the shop's database and in dw.product, with {Product.Versions:N0} versions");
        tell.Line($"  better than popular?  [bold]{Proof.All}[/]");
        tell.Line($"    [grey]Customers and tastes beginning with GEN- are made up. Of the {Proof.Real.Customers:N0} real ones alone: {Proof.Real}[/]");
        tell.Line($"  {Markup.Escape(Application.Customer)} is offered, by {Markup.Escape(Application.MadeBy)}:");
        foreach (var item in Application.Items.Take(5))
            tell.Line($"    [grey]{Markup.Escape(item.Title)}{(item.Bought ? " (bought before)" : "")}[/]");
        foreach (var refused in Refusals.Take(1))
            tell.Line($"  refused, as it should be: {Markup.Escape(refused.What)} (exit code {refused.ExitCode})");
        tell.Chapter("What to look at");
        foreach (var (what, page) in Pages)
            tell.Line($"  {what,-22}[link]{Address}/projects/{Project}/{page}[/]");
        IDemoSummary.Farewell(tell, this);
    }

    private static readonly (string What, string Page)[] Pages =
    [
        ("the windows", "pipelines/sales"), ("what was set aside", "tables/bronze.sales#aside"), ("Product, as it is", "connections/sqldb"), ("Product, as it was", "tables/dw.product"),
        ("the version", "models/offers/1"), ("the offers", "documents/offers"),
    ];
}

/// <param name="Failed">Windows that had failed when the scheduler was through.</param>
internal sealed record PipelineFacts(string Pipeline, int Windows, int Succeeded, IReadOnlyList<DateTimeOffset> Failed, long Rows);

/// <param name="Why">It was refused.</param>
/// <param name="Alarms">Left afterwards.</param>
internal sealed record Correction(DateTimeOffset Window, string Why, string State, int Runs, int Alarms);

internal sealed record SetAside(int Count, IReadOnlyList<BadRow> Rows);

internal sealed record BadRow(string File, long Line, string? Column, string Reason, string Raw);

/// <param name="Read">Rows in the files, headers left out.</param>
internal sealed record Reconciled(long Read, long Kept, long SetAside, long Facts, long UnknownCustomers);

/// <param name="Table">Rows of the operational table.</param>
/// <param name="Current">Members of the dimension that are current and not deleted.</param>
/// <param name="Changed">A product whose price changed, and its versions.</param>
internal sealed record SameName(long Table, long Current, long Versions, long Deleted, string Changed, IReadOnlyList<Versioned> History);

internal sealed record Versioned(long Key, string Price, string ValidFrom);

/// <param name="Coverage">The share of all products that somebody is offered.</param>
internal sealed record Proven(string Metric, Compared All, Compared Real, double Coverage);

/// <param name="Low">Of the 95 % interval around the difference on the same customers.</param>
internal sealed record Compared(int Customers, double Offers, double Popular, double Difference, double Low, double High)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Offers:0.000} against {Popular:0.000}, a difference of {Difference:+0.000;-0.000} (95 %: {Low:+0.000;-0.000} to {High:+0.000;-0.000}){(Low > 0 ? "" : High < 0 ? ", so what is popular is better" : ", which chance could explain")}");
}

internal sealed record Published(string Collection, long List, string MadeBy, long Documents);

internal sealed record ReadOffer(string Path, string Customer, string Model, string MadeBy, IReadOnlyList<Offered> Items);

/// <param name="Bought">The customer had bought it before.</param>
internal sealed record Offered(string Product, string Title, double Score, bool Bought);

internal sealed record Released(string Version, string Data, string Words);
