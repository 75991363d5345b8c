package org.dl4jscape.tests.site;

import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dl4jscape.aeron.AeronTransport;
import org.dl4jscape.core.config.AdamSConfig;
import org.dl4jscape.core.config.CatchUp;
import org.dl4jscape.core.config.NonFinitePolicy;
import org.dl4jscape.core.config.ScapeConfig;
import org.dl4jscape.core.config.ShardingMode;
import org.dl4jscape.core.config.WirePrecision;
import org.dl4jscape.core.layout.BlockRole;
import org.dl4jscape.dl4j.ScapeTrainer;
import org.dl4jscape.examples.cli.Scape;
import org.dl4jscape.spark.ScapeTrainingMaster;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Writes the page "Configuration" from the code. */
final class ConfigurationReference {
    /** Where the page is committed. */
    static final String PAGE = "site/reference/configuration.md";

    private static final String HEAD = """
            ---
            title: Configuration
            outline: [2, 3]
            ---
            <!-- Written by ConfigurationReferenceTest from the code; do not edit. See CONTRIBUTING.md. -->

            # Configuration reference

            This page is generated. Defaults are read from the builders, the accepted values from what the code refuses,
            the meanings from its Javadoc; a test fails when the page and the code differ. A dash means that a setting has
            no default of its own.

            """;

    private static final Pattern DEFAULT = Pattern.compile("\\s*[.,]?\\s*Default: (.*)$");

    private final SourceTexts sources = SourceTexts.of(Repository.mainSources());
    private final SettingsTable tables = new SettingsTable(sources);
    private final StringBuilder page = new StringBuilder(HEAD);

    /** The whole page. */
    String write() {
        algorithm();
        engines();
        transport();
        commandLine();
        return page.toString().strip() + "\n";
    }

    private void algorithm() {
        section(
                "The algorithm: `ScapeConfig`",
                sources.comment("ScapeConfig"),
                tables.ofBuilder(ScapeConfig::builder, "build"));
        part("`AdamSConfig`", "AdamSConfig", tables.ofRecord("AdamSConfig", AdamSConfig.defaults()));
        part("`CatchUp`", "CatchUp.Kind", tables.ofEnum("CatchUp.Kind", CatchUp.Kind.class));
        page.append("`CatchUp.capped(cap)` takes a cap of `>= 1`; the command line uses `")
                .append(CatchUp.CAP_DEFAULT)
                .append("` where none is given.\n\n");
        part("`ShardingMode`", "ShardingMode", tables.ofEnum("ShardingMode", ShardingMode.class));
        part("`WirePrecision`", "WirePrecision", tables.ofEnum("WirePrecision", WirePrecision.class));
        part("`NonFinitePolicy`", "NonFinitePolicy", tables.ofEnum("NonFinitePolicy", NonFinitePolicy.class));
        part("`BlockRole`, chosen by the network", "BlockRole", tables.ofEnum("BlockRole", BlockRole.class));
        page.append("Every default as `describe()` prints it:\n\n```text\n")
                .append(ScapeConfig.builder().build().describe().replace(System.lineSeparator(), "\n"))
                .append("```\n\n");
    }

    private void engines() {
        section(
                "Threads of one machine: `ScapeTrainer`",
                sources.comment("ScapeTrainer").replaceAll("<pre>.*?</pre>", ""),
                tables.ofBuilder(ScapeTrainer::builder, "build"));
        section(
                "Apache Spark: `ScapeTrainingMaster`",
                "`new ScapeTrainingMaster.Builder(batchSizePerWorker)`; `batchSizePerWorker`: "
                        + sources.parameter("ScapeTrainingMaster.Builder#<init>", "batchSizePerWorker") + ".",
                tables.ofBuilder(() -> new ScapeTrainingMaster.Builder(1), "build"));
    }

    private void transport() {
        section(
                "Aeron UDP: `AeronTransport.Context`",
                sources.comment("AeronTransport.Context"),
                tables.ofBuilder(AeronTransport.Context::new, "conclude"));
        part(
                "`DriverThreading`",
                "AeronTransport.DriverThreading",
                tables.ofEnum("AeronTransport.DriverThreading", AeronTransport.DriverThreading.class));
    }

    private void commandLine() {
        CommandLine scape = new CommandLine(new Scape());
        CommandLine pretrain = scape.getSubcommands().get("pretrain");
        section("The command `pretrain`", sources.comment("Pretrain"), options(pretrain));
        section("The other commands of `scape`", sources.comment("Scape"), "");
        scape.getSubcommands().forEach((name, command) -> {
            String type = command.getCommandSpec().userObject().getClass().getSimpleName();
            if (command != pretrain && command.getCommand().getClass().getPackage() == Scape.class.getPackage()) {
                part("`scape " + name + arguments(command) + "`", type, options(command));
            }
        });
    }

    private static String arguments(CommandLine command) {
        StringBuilder labels = new StringBuilder();
        command.getCommandSpec().positionalParameters().forEach(parameter -> labels.append(' ')
                .append(parameter.paramLabel()));
        return labels.toString();
    }

    private static String options(CommandLine command) {
        StringBuilder rows = new StringBuilder("| option | default | meaning |\n|---|---|---|\n");
        for (OptionSpec option : command.getCommandSpec().options()) {
            String name = "`" + String.join("`, `", option.names()) + "`";
            Matcher said = DEFAULT.matcher(String.join(" ", option.description()));
            boolean says = said.find();
            String given =
                    option.defaultValue() == null ? says ? said.group(1) : "–" : "`" + option.defaultValue() + "`";
            String meaning = String.join(" ", option.description());
            rows.append(SettingsTable.cells(name, given, says ? meaning.substring(0, said.start()) : meaning));
        }
        return rows.toString();
    }

    private void section(String title, String text, String table) {
        page.append("## ").append(title).append("\n\n").append(prose(text)).append("\n\n");
        page.append(table).append('\n');
    }

    private void part(String title, String name, String table) {
        page.append("### ").append(title).append("\n\n");
        page.append(prose(sources.comment(name))).append("\n\n").append(table).append('\n');
    }

    private static String prose(String text) {
        return text.replace("  ", " ").strip();
    }

    /** How to bring the page up to date. */
    static String remedy() {
        return String.format(
                Locale.ROOT,
                "%s differs from the code; write it anew: mvn -q test -pl tests/system -am -Dsite.write=true"
                        + " -Dtest=ConfigurationReferenceTest -Dsurefire.failIfNoSpecifiedTests=false",
                PAGE);
    }

    /** Sections that readers link to. */
    static List<String> sections() {
        return List.of("ScapeConfig", "ScapeTrainer", "ScapeTrainingMaster", "AeronTransport.Context", "pretrain");
    }
}
