using System.Text;

namespace Steward.Packaging.Ci;

/// <summary><c>.gitlab-ci.yml</c>: variables that nothing expands, secrets from the settings of the project alone.</summary>
internal static class GitLabFile
{
    public const string Path = ".gitlab-ci.yml";

    public static string Write(CiPlan plan)
    {
        var text = new StringBuilder($"""
            {plan.Comment}
            # Needs, in the settings of the project: STEWARD_URL, and STEWARD_TOKEN of an editor (masked, protected); STEWARD_SIGNING_KEY to sign bundles.
            stages: [{CiStage.Check}, {CiStage.Model}, {CiStage.Serve}]
            variables:
              STEWARD_FOLDER:
                value: {Yaml.Quoted(plan.Folder)}
                expand: false
              STEWARD_BRANCH:
                value: {Yaml.Quoted(plan.Branch)}
                expand: false
            workflow:
              rules:
                - if: $CI_PIPELINE_SOURCE == "merge_request_event"
                - if: $CI_COMMIT_BRANCH == $STEWARD_BRANCH

            """);
        if (plan.Agent is not null || plan.Runner is not null)
            text.Append("default:\n");
        if (plan.Agent is { } agent)
            text.Append($"  image:\n    name: {Yaml.Quoted(agent)}\n    entrypoint: [\"\"]\n");
        if (plan.Runner is { } runner)
            text.Append($"  tags: [{Yaml.Quoted(runner)}]\n");

        Job(text, CiStage.Check, []);
        Script(text, CiPlan.Of(CiStage.Check).Select(CiPlan.Command));

        Job(text, CiStage.Model, [CiStage.Check]);
        if (plan.Lock is { } locked)
            text.Append($"  cache:\n    key:\n      files: [{Yaml.Quoted(locked)}]\n    paths: [.steward-env/]\n");
        Script(text, [.. plan.Lock is null ? (IEnumerable<string>)[] : [CiPlan.EnvironmentCommand], .. CiPlan.Of(CiStage.Model).Select(CiPlan.Command)]);
        Keep(text);

        Job(text, CiStage.Serve, [CiStage.Model]);
        text.Append($"  environment:\n    name: {plan.Alias}\n  timeout: {CiPlan.MinutesToWait + 30} minutes\n");
        text.Append("  # 5: people are still asked. The job is orange, not red; run it again after the votes: it goes on from there.\n  allow_failure:\n    exit_codes: [5]\n");
        Script(text, CiPlan.Of(CiStage.Serve).Select(CiPlan.Command));
        Keep(text);
        return text.ToString();
    }

    private static void Job(StringBuilder text, string name, string[] needs)
    {
        text.Append($"{name}:\n  stage: {name}\n");
        if (needs.Length > 0)
            text.Append($"  needs: [{string.Join(", ", needs)}]\n  rules:\n    - if: $CI_COMMIT_BRANCH == $STEWARD_BRANCH\n  resource_group: steward\n");
    }

    private static void Script(StringBuilder text, IEnumerable<string> commands) => text.Append($"  script:\n{string.Concat(commands.Select(command => $"    - {Yaml.Quoted(command)}\n"))}");

    private static void Keep(StringBuilder text) => text.Append($"  artifacts:\n    when: always\n    name: {CiVerbs.UsualOutput}\n    paths: [{CiVerbs.UsualOutput}/]\n");
}
