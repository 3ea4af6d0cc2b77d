// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.lines.ManyLines;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;

/** A checkout in which nothing was built, on a machine without a JDK: it says what there is, and what is wrong, at once. */
class UnbuiltCheckoutTest {
  private static final String NOTE = "^xenolith: this is the checkout's text, as nothing is built yet; .*\n$";

  @TempDir
  private Path work;
  private UnbuiltCheckout checkout;

  @BeforeEach
  void copyIt() throws IOException {
    checkout = new UnbuiltCheckout(work);
  }

  /** The words of each command that has a text. */
  private static List<String> commands() throws IOException {
    try (Stream<Path> files = Files.list(Product.root().resolve("releng/help"))) {
      return files.map(file -> file.getFileName().toString()).filter(name -> !Set.of("HELP.txt", "VERSION.txt", "fuzz.txt", "README.md")
          .contains(name))
          .map(name -> name.replace(".txt", "").replace('.', ' ')).sorted().toList();
    }
  }

  private String text(String name) throws IOException {
    return Files.readString(checkout.root().resolve("releng/help/" + name + ".txt"));
  }

  private Outcome run(String line) throws InterruptedException {
    return checkout.run(line.isEmpty() ? new String[0] : line.split(" "));
  }

  @Test
  void eachCommandHasItsHelp() throws IOException, InterruptedException {
    assertTrue(commands().containsAll(List.of("boot", "help", "version", "topology import", "guests fetch")), commands()::toString);
    for (String command : commands()) {
      assertEquals(text(command.replace(' ', '.')), run(command + " --help").expect(0).errHas(NOTE).out(), command);
    }
    for (String all : List.of("--help", "-h", "help")) {
      assertEquals(text("HELP"), run(all).expect(0).errHas(NOTE).out(), all);
    }
    assertEquals(text("topology.import"), run("help topology import").expect(0).errHas(NOTE).out());
    assertEquals(text("boot"), run("boot virt -h").expect(0).errHas(NOTE).out());
    assertEquals(text("topology"), run("topology imprt --help").expect(0).errHas(NOTE).out());
    assertEquals(text("help"), run("help -h").expect(0).errHas(NOTE).out());
    assertNothingWasMade();
  }

  @Test
  void theVersionIsKnown() throws IOException, InterruptedException {
    for (String asked : List.of("--version", "-V", "version")) {
      Outcome version = run(asked).expect(0);
      assertEquals(text("VERSION"), version.out(), asked);
      assertEquals("", version.err(), asked);
    }
  }

  /** The product's help names them, too. */
  @Test
  void theScriptsOwnCommandsHaveTheirHelp() throws IOException, InterruptedException {
    String listed = text("HELP").replace('\n', ' ').replaceFirst(".*Commands of the launcher script: ([^.]*)\\..*", "$1");
    List<String> own = List.of(listed.split(", *"));
    assertTrue(own.containsAll(List.of("workbench", "build", "test", "fuzz", "new", "doctor")), own::toString);
    for (String command : own) {
      for (String asked : List.of(command + " --help", "help " + command)) {
        Outcome help = run(asked).expect(0);
        assertTrue(help.out().lines().count() > 1 && help.out().contains(command), help::toString);
        assertEquals("", help.err(), asked);
      }
    }
    assertEquals(text("fuzz"), run("fuzz --help").out());
    run("new host-bridge --help").expect(0);
    run("bench --inner --help").expect(0).outHas("^Usage: xenolith bench --inner");
    assertNothingWasMade();
  }

  @Test
  void doctorSaysWhatIsMissing() throws InterruptedException, IOException {
    Path cpus = Files.createDirectories(checkout.root().resolve("bundles/one/src/main/resources/cpus"));
    Files.createFile(cpus.resolve("first.cpu"));
    Files.createFile(cpus.resolve("second.cpu"));
    run("doctor").expect(2).outHas("(?m)^ok +CPUs of guests +first, second \\(boot --cpu NAME").outHas(
        "(?m)^(ok +processor|absent +machine code) +\\S").outHas("(?m)^missing +JDK 25 +XENOLITH_JAVA_HOME is").outHas(
            "(?m)^absent +product +not built yet: ").outHas(
                "(?m)^ok +disk space +\\d+ MiB free for .*home/\\.cache/xenolith").errHas("^xenolith: \\d of these must be mended ");
    Path file = Files.createFile(work.resolve("file"));
    checkout.shell("XENOLITH_CACHE=" + file + "/cache ./xenolith doctor").expect(2).outHas(
        "(?m)^missing +cache +.*/file/cache can't be written; set XENOLITH_CACHE");
    assertNothingWasMade();
  }

  /** As the product would say it, but for what builds would have to find out. */
  @Test
  void whatIsNoCommandIsRefusedAtOnceInTheWordsOfTheProduct() throws IOException, InterruptedException {
    List<String> lines = List.of("", "bot", "BOOT", "biuld", "hlep", "toplogy lint", "topology imprt", "guests xyzzy",

        "xyzzy", "x/../boot", "help bot", "help topology xyzzy", "help boot virt", "help xyzzy", "--xyzzy");
    List<Outcome> product = ManyLines.run(Product.root(), Files.createDirectories(work.resolve("own")), lines.stream().map(
        line -> line.isEmpty() ? new Object[0] : (Object[]) line.split(" ")).toList());
    for (int i = 0; i < lines.size(); i++) {
      Outcome said = run(lines.get(i)).expect(2);
      assertEquals(product.get(i).expect(2).err(), said.err(), "of '" + lines.get(i) + "'");
      assertEquals("", said.out());
    }
    assertNothingWasMade();
  }

  @Test
  void whatABundleMayBringIsNotRefused() throws IOException, InterruptedException {
    run("frob").expect(2).errHas("there is no command 'frob'");
    Files.writeString(checkout.root().resolve("bundles/one/src/main/java/Frob.java"),
        "import picocli.CommandLine.Command;\n@Command(name = \"frob\")\nclass Frob {}\n");
    run("frob").expect(2).errHas("the command 'frob', but a bundle of this checkout may bring it: building first\n.*no JDK");
    run("--plugins . xyzzy").expect(2).errHas("^xenolith: XENOLITH_JAVA_HOME is .*, which is no JDK");
  }

  /** Help of an older product is better than minutes of building, and it says so. */
  @Test
  void aProductOfOtherSourcesHelpsWithoutABuild() throws IOException, InterruptedException {
    checkout.pretendThatItWasBuilt();
    run("boot --help").expect(0).outHas("^product: .*-jar .*/xenolith\\.jar boot --help\n$").errHas(
        "^xenolith: the sources changed since this was built; .*\n$");
    assertEquals("", run("--version").expect(0).outHas("^product: .* --version\n$").err());
    run("bot").expect(2).errHas("Did you mean: xenolith boot\\?");
  }

  private String completed(String line) throws InterruptedException {
    String words = Stream.of(line.split(" ", -1)).map(word -> "'" + word + "'").collect(Collectors.joining(" "));
    return checkout.shell("source <(./xenolith completion bash); COMP_WORDS=(./xenolith " + words
        + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1));"
        + " _xenolith; complete -p xenolith >&2; echo \"${COMPREPLY[*]}\"").expect(0).errHas("-F _xenolith xenolith").out().strip();
  }

  @Test
  void aShellCompletesCommandsAndOptions() throws InterruptedException, IOException {
    assertEquals("boot", completed("bo"));
    assertEquals("build", completed("bui"));
    assertEquals("topology", completed("help topo"));
    assertEquals("import", completed("topology imp"));
    assertEquals("--until", completed("boot virt --unt"));
    assertEquals("--minutes", completed("fuzz --min"));
    assertEquals("board", completed("new boa"));
    assertEquals("bash zsh", completed("completion "));
    assertEquals("virt", completed("boot vir"));
    assertEquals("", completed("boot virt x"), "a file's name");
    Set<String> commands = commands().stream().filter(command -> !command.contains(" ")).collect(Collectors.toCollection(TreeSet::new));
    List<String> all = new ArrayList<>(List.of(completed("").split(" ")));
    assertTrue(all.containsAll(commands) && all.contains("doctor"), all::toString);
    run("completion fish").expect(2).errHas("completion: expected bash or zsh, got 'fish'");
    assertNothingWasMade();
  }

  private void assertNothingWasMade() {
    assertTrue(Files.notExists(checkout.root().resolve("target")) && Files.notExists(checkout.root().resolve("product/target")));
  }
}
