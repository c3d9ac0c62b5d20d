using System.Text;

namespace Steward.Packaging.Ci;

/// <summary><c>azure-pipelines.yml</c>: three stages; secrets from one group of variables, in the steps that need them alone.</summary>
internal static class AzureFile
{
    public const string Path = "azure-pipelines.yml";

    private static readonly string[] Expressions = ["$(", "${{", "$["];

    public static string Write(CiPlan plan)
    {
        // There is no way to write these signs here that the service does not read.
        if (Expressions.Any(sign => plan.Folder.Contains(sign, StringComparison.Ordinal)))
            throw ProblemException.Invalid("folder_invalid", $"The folder '{Names.Shorten(plan.Folder)}' holds signs that Azure Pipelines reads as an expression.", "Give the folder another name.");
        var text = new StringBuilder($"""
            {plan.Comment}
            # Needs: a group of variables 'steward' with STEWARD_URL and the secrets STEWARD_TOKEN (of an editor) and STEWARD_SIGNING_KEY, and an environment '{plan.Alias}'.
            name: $(Date:yyyyMMdd)$(Rev:.r)
            trigger:
              batch: true
              branches:
                include: [{Yaml.Quoted(plan.Branch)}]
            pool:
              {(plan.Runner is { } runner ? $"name: {Yaml.Quoted(runner)}" : "vmImage: ubuntu-24.04")}
            variables:
              - group: steward
              - name: STEWARD_BRANCH
                value: {Yaml.Quoted("refs/heads/" + plan.Branch)}
                readonly: true
            stages:

            """);
        Stage(text, plan, CiStage.Check, null, 15);
        foreach (var stage in CiPlan.Of(CiStage.Check))
            Script(text, plan, stage, 10);

        Stage(text, plan, CiStage.Model, CiStage.Check, 360);
        if (plan.Lock is { } locked)
            text.Append($"""
                          - task: Cache@2
                            displayName: What was built of the same lock
                            inputs:
                              key: steward | "$(Agent.OS)" | {locked}
                              path: .steward-env
                          - script: {CiPlan.EnvironmentCommand}
                            displayName: Environment
                            env:
                              STEWARD_FOLDER: {Yaml.Quoted(plan.Folder)}

                """);
        foreach (var stage in CiPlan.Of(CiStage.Model))
            Script(text, plan, stage, 10, "STEWARD_TOKEN");
        Keep(text, 10);

        Deployment(text, plan);
        return text.ToString();
    }

    private static void Stage(StringBuilder text, CiPlan plan, string name, string? after, int minutes)
    {
        text.Append($"  - stage: {name}\n");
        After(text, after);
        text.Append($"    jobs:\n      - job: {name}\n        timeoutInMinutes: {minutes}\n");
        Container(text, plan);
        text.Append("        steps:\n          - checkout: self\n            persistCredentials: false\n");
    }

    private static void After(StringBuilder text, string? after)
    {
        if (after is not null)
            text.Append($"    dependsOn: {after}\n    condition: and(succeeded(), ne(variables['Build.Reason'], 'PullRequest'), eq(variables['Build.SourceBranch'], variables['STEWARD_BRANCH']))\n");
    }

    private static void Container(StringBuilder text, CiPlan plan)
    {
        if (plan.Agent is { } agent)
            text.Append($"        container: {Yaml.Quoted(agent)}\n");
    }

    private static void Script(StringBuilder text, CiPlan plan, CiStage stage, int deep, params string[] secrets)
        => Script(text, plan, $"- script: {CiPlan.Command(stage)}", stage.Title, deep, secrets);

    private static void Script(StringBuilder text, CiPlan plan, string script, string title, int deep, params string[] secrets)
    {
        var at = new string(' ', deep);
        text.Append($"{at}{script}\n{at}  displayName: {title}\n{at}  env:\n{at}    STEWARD_FOLDER: {Yaml.Quoted(plan.Folder)}\n{string.Concat(secrets.Select(secret => $"{at}    {secret}: $({secret})\n"))}");
    }

    /// <summary>A deployment waits for the approvals and checks of its environment first; then for the votes, which it never gives.</summary>
    private static void Deployment(StringBuilder text, CiPlan plan)
    {
        text.Append($"  - stage: {CiStage.Serve}\n");
        After(text, CiStage.Model);
        text.Append($"    jobs:\n      - deployment: {CiStage.Serve}\n        environment: {plan.Alias}\n        timeoutInMinutes: {CiPlan.MinutesToWait + 30}\n");
        Container(text, plan);
        text.Append("        strategy:\n          runOnce:\n            deploy:\n              steps:\n");
        text.Append("                - checkout: self\n                  persistCredentials: false\n");
        text.Append($"                - download: current\n                  artifact: {CiVerbs.UsualOutput}\n");
        text.Append($"                - script: cp -R \"$(Pipeline.Workspace)/{CiVerbs.UsualOutput}\" {CiVerbs.UsualOutput}\n                  displayName: What was made\n");
        foreach (var stage in CiPlan.Of(CiStage.Serve))
            if (stage.Name == "deploy")
                Script(text, plan, Waiting(stage), stage.Title, 16, "STEWARD_TOKEN");
            else
                Script(text, plan, $"- script: {CiPlan.Command(stage)}", stage.Title, 16, "STEWARD_TOKEN", "STEWARD_SIGNING_KEY");
        Keep(text, 16, "-handover");
    }

    /// <summary>Waiting is neither well nor failed: the service calls it succeeded with issues.</summary>
    private static string Waiting(CiStage stage) => $"""
        - script: |
                    code=0
                    {CiPlan.Command(stage)} || code=$?
                    if [ "$code" -eq 5 ]; then
                      echo '##vso[task.logissue type=warning]Waiting for people. Run this stage again after the votes: it goes on from there.'
                      echo '##vso[task.complete result=SucceededWithIssues;]waiting for people'
                      exit 0
                    fi
                    exit "$code"
        """.Replace("\n            ", "\n                    ", StringComparison.Ordinal);

    private static void Keep(StringBuilder text, int deep, string more = "")
    {
        var at = new string(' ', deep);
        text.Append($"{at}- publish: {CiVerbs.UsualOutput}\n{at}  artifact: {CiVerbs.UsualOutput}{more}\n{at}  displayName: Keep what was made\n{at}  condition: always()\n");
    }
}
