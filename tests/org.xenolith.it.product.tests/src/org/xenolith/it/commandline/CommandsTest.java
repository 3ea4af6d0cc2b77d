// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.lines.ManyLines;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;

/** What the commands say when they are used right. */
class CommandsTest {
  /** Every option that the work order or the guides promise. */
  private static final Map<List<String>, List<String>> PROMISED = Map.of(
      List.of("boot"), List.of("BOARD", "--dtb", "--guest", "--kernel", "--initrd", "--append", "--cpus", "--memory", "--gic",
          "--granules", "--engine", "--disk", "--set", "--until", "--limit", "--report", "--save", "--load", "--record", "--replay",
          "--plugins", "--stdin", "--times"),
      List.of("bench"), List.of("--only", "--runs", "--passes", "--workloads", "--gic", "--engine", "--json", "--history",
          "--page"),
      List.of("models"), List.of("--options"),
      List.of("guests"), List.of("fetch"),
      List.of("guests", "fetch"), List.of("--to", "--refresh", "--package", "--add-file"),
      List.of("packages"), List.of("fetch", "update", "reset", "lock", "XENOLITH_PACKAGES"),
      List.of("shell"), List.of(),
      List.of("topology"), List.of("import", "export", "lint", "show"),
      List.of("topology", "lint"), List.of("--quiet"));

  @TempDir
  private Path work;

  @Test
  void helpNamesEachCommandAndTheExitCodes() throws InterruptedException {
    Outcome help = Product.run("--help").expect(0);
    Set<String> commands = PROMISED.keySet().stream().map(List::getFirst).collect(Collectors.toCollection(LinkedHashSet::new));
    commands.addAll(List.of("workbench", "test", "fuzz", "doctor", "sdk", "Exit codes"));
    assertEquals(List.of(), commands.stream().filter(command -> !help.out().matches("(?s).*\\b" + command + "\\b.*")).toList());
    assertEquals("", help.err());
  }

  @Test
  void eachCommandHasHelpThatNamesItsOptions() throws Exception {
    List<List<String>> commands = List.copyOf(PROMISED.keySet());
    List<Outcome> helps = ManyLines.run(Product.root(), work, commands.stream().map(CommandsTest::help).toList());
    for (int i = 0; i < helps.size(); i++) {
      List<String> command = commands.get(i);
      Outcome help = helps.get(i).expect(0).outHas("Usage: xenolith " + String.join(" ", command));
      assertEquals(List.of(), PROMISED.get(command).stream()
          .filter(option -> !Pattern.compile("(?m)(^|[\\s\\[])" + option + "\\b").matcher(help.out()).find()).toList(),
          "not in the help of " + command);
    }
  }

  private static Object[] help(List<String> command) {
    return Stream.concat(command.stream(), Stream.of("--help")).toArray();
  }

  /** Every command and subcommand that the product has, whoever contributes it, found by the help itself. */
  @Test
  void noHelpHasHolesInIt() throws Exception {
    List<String> holes = new ArrayList<>();
    Map<Integer, String> table = exitCodesOfTheGuide();
    Map<List<String>, String> helps = ListedCommands.helps(work);
    helps.forEach((command, text) -> {
      assertEquals(table, HelpText.exitCodes(text), () -> "exit codes of " + command);
      HelpText.holes(text).forEach(hole -> holes.add(command + ": " + hole));
    });
    Set<String> walked = helps.keySet().stream().map(command -> String.join(" ", command)).collect(Collectors.toSet());
    assertEquals(List.of(), holes);
    assertTrue(walked.containsAll(List.of("boot", "run", "bench", "topology lint", "guests fetch")), walked::toString);
  }

  private static Map<Integer, String> exitCodesOfTheGuide() throws IOException {
    Map<Integer, String> codes = Pattern.compile("(?m)^\\| (\\d) \\| (.*) \\|$").matcher(Files.readString(Product.root().resolve(
        "docs/guides/exit-codes.md"))).results().collect(Collectors.toMap(row -> Integer.valueOf(row.group(1)), row -> row.group(2)));
    assertEquals(Set.of(0, 1, 2, 3, 4, 5), codes.keySet());
    return codes;
  }

  @Test
  void theVersionIsOneLine() throws InterruptedException {
    assertEquals(1, Product.run("--version").expect(0).outHas("^Xenolith \\d+\\.\\d+\\.\\d+\n$").out().lines().count());
  }

  @Test
  void modelsListsEachProviderAndWhatItMatches() throws InterruptedException {
    Outcome models = Product.run("models", "--options").expect(0);
    for (String line : List.of("GICv2 .*org\\.xenolith\\.hw\\.gicv2 .*arm,cortex-a15-gic",
        "GICv3 .*org\\.xenolith\\.hw\\.gicv3 .*arm,gic-v3",
        "org\\.xenolith\\.hw\\.timer .*arm,armv8-timer", "org\\.xenolith\\.hw\\.pl011 .*arm,pl011",
        "org\\.xenolith\\.hw\\.pl031 .*arm,pl031",
        "org\\.xenolith\\.hw\\.pl061 .*arm,pl061", "org\\.xenolith\\.hw\\.ns16550 .*ns16550a",
        "org\\.xenolith\\.firmware\\.psci .*arm,psci",
        "org\\.xenolith\\.hw\\.virtio\\.mmio .*virtio,mmio", "org\\.xenolith\\.hw\\.virtio\\.blk ",
        "org\\.xenolith\\.firmware\\.spintable ",
        "org\\.xenolith\\.cpu\\.a64\\.interpreter .*engine interpreter", "epoch-seconds=")) {
      models.outHas(line);
    }
  }

  @Test
  void topologyShowsTheBoardsMemoryMap() throws InterruptedException {
    Product.run("topology", "show", "virt").expect(0)
        .outHas("/pl011@9000000 .*arm,pl011.*0x9000000\\.\\.0x9000fff.*/intc@8000000\\[0, 1, 4\\]")
        .outHas("/memory@40000000 .*0x40000000\\.\\.0x5fffffff").outHas("/virtio_mmio@a000000 ");
  }

  @Test
  void doctorNamesWhatIsThereAndHowToGetTheRest() throws InterruptedException {
    Product.run("doctor").expect(0).outHas("(?m)^ok +JDK 25").outHas("(?m)^ok +Maven").outHas("disk space").errHas(
        "can build and run Xenolith");
  }

  @Test
  void guestsAreListedAndFetched() throws InterruptedException {
    Product.run("guests").expect(0).outHas("(?m)^debian ").outHas("(?m)^debian-16k ").outHas("(?m)^tiny +ready ");
    Product.run("guests", "fetch", "tiny", "--to", work).expect(0).outHas("(?m)^guest: tiny$").outHas(
        "(?m)^part: tiny .* sha256:[0-9a-f]{64}$");
    assertTrue(Files.exists(work.resolve("Image")) && !Files.exists(work.resolve("initrd")));
  }
}
