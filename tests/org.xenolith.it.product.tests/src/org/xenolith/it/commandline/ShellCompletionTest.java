// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xenolith.it.product.Outcome;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.testkit.FullLane;

/** Keys typed at a real bash and a real zsh, each on a pseudo terminal, and what the command line is after the tabulator; and what {@code man} makes of the pages. */
@FullLane
class ShellCompletionTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  /** What is typed, with a tabulator behind it, and the command line that it becomes. */
  private static final List<List<String>> KEYS = List.of(List.of("./xenolith bo", "./xenolith boot "), List.of("./xenolith topology imp",
      "./xenolith topology import "), List.of("./xenolith boot vir", "./xenolith boot virt "), List.of("./xenolith boot virt --unt",
          "./xenolith boot virt --until "), List.of("./xenolith boot virt --firmware aav", "./xenolith boot virt --firmware aavmf "),
      // A value that is called as a command leads nowhere else.
      List.of("./xenolith boot --share image --appe", "./xenolith boot --share image --append "), List.of("./xenolith boot --disk rel",
          "./xenolith boot --disk releng/"), List.of("./xenolith topology --quiet lint --js", "./xenolith topology --quiet lint --json "),
      List.of("./xenolith from-qemu --js", "./xenolith from-qemu --json "), List.of("./xenolith doct", "./xenolith doctor "), List.of(
          "./xenolith help topol", "./xenolith help topology "), List.of("./xenolith fuzz --minu", "./xenolith fuzz --minutes "), List.of(
              "./xenolith new boa", "./xenolith new board "), List.of("./xenolith completion z", "./xenolith completion zsh "));

  @TempDir
  private Path work;

  @Test
  void bashCompletesWhatIsTyped() throws InterruptedException, IOException {
    Path rc = Files.writeString(work.resolve("bashrc"), "PS1='$ '\nbind 'set bell-style none'\nsource <(./xenolith completion bash)\n");
    typed(List.of("bash", "--noprofile", "--rcfile", rc.toString(), "-i"));
  }

  @Test
  void zshCompletesWhatIsTyped() throws InterruptedException, IOException {
    Path zsh = tool("zsh");
    Files.writeString(work.resolve(".zshrc"), """
        [[ -z ${XENOLITH_ZSH_MODULES:-} ]] || module_path=($XENOLITH_ZSH_MODULES)
        bindkey -e
        unset zle_bracketed_paste
        unsetopt prompt_cr prompt_sp beep
        PS1='$ '
        autoload -U compinit && compinit -u -d $ZDOTDIR/dump
        source <(./xenolith completion zsh)
        """);
    typed(List.of("env", "ZDOTDIR=" + work, zsh.toString(), "--no-globalrcs", "-i"));
  }

  private static Path tool(String name) throws InterruptedException {
    try (Program fetch = Program.start(new ProcessBuilder(Product.root().resolve("releng/test-tools").toString(), name))) {
      String fetched = fetch.await(Duration.ofMinutes(10)).expect(0).out().strip();
      return Stream.of(fetched, "/usr/bin", "/bin").map(folder -> Path.of(folder, name)).filter(Files::isExecutable).findFirst()
          .orElseThrow();
    }
  }

  /** Behind each tabulator the line is put between quotes behind {@code echo}, and so executed as a text. */
  private void typed(List<String> shell) throws InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("script", "-qefc", String.join(" ", shell), "/dev/null").directory(Product.root().toFile());
    builder.environment().put("TERM", "dumb");
    builder.environment().put("XENOLITH_NO_BUILD", "1");
    try (Program program = Program.start(builder)) {
      program.awaitOutput("\\$ $", Product.LONG);
      List<String> wrong = new ArrayList<>();
      for (int i = 0; i < KEYS.size(); i++) {
        program.type(KEYS.get(i).getFirst() + "\t\u0001echo \"" + i + "[\u0005]\"\n");
        String line = program.awaitOutput("(?m)^" + i + "\\[(.*)\\]\r?$", SOON).group(1);
        // zsh takes the blank or slash that it put there away again where the cursor moves on.
        if (!line.equals(KEYS.get(i).getLast()) && !line.equals(KEYS.get(i).getLast().replaceFirst("[ /]$", ""))) {
          wrong.add("'" + KEYS.get(i).getFirst() + "' became '" + line + "'");
        }
      }
      assertEquals(List.of(), wrong);
      program.type("exit\n");
    }
  }

  /** groff, which man starts, complains of requests that there aren't and of escapes that mean nothing. */
  @Test
  void thePagesAreManPages() throws InterruptedException, IOException {
    Path pages = work.resolve("man");
    Product.run("help", "--man", pages).expect(0);
    List<Path> all;
    try (Stream<Path> files = Files.list(pages)) {
      all = files.sorted().toList();
    }
    assertTrue(all.contains(pages.resolve("xenolith.1")) && all.contains(pages.resolve("xenolith-topology-import.1")), all::toString);
    Path groff = tool("groff");
    for (Path page : all) {
      Outcome shown = shown(groff, page);
      assertEquals("", shown.err(), page::toString);
      assertFalse(shown.out().isBlank(), page::toString);
    }
    shown(groff, pages.resolve("xenolith-run.1")).outHas(
        "(?s)NAME\\s+xenolith-run - Executes scenarios.*SYNOPSIS\\s+xenolith +run .*\\*\\.scenario.*--junit=OUT\\.xml\\s+Write the results")
        .outHas("EXIT STATUS\\s+0\\s+as +expected");
  }

  private static Outcome shown(Path groff, Path page) throws InterruptedException {
    try (Program program = Program.start(new ProcessBuilder(groff.toString(), "-man", "-Kutf8", "-ww", "-Wbreak", "-Tutf8", "-P-cbou", page
        .toString()))) {
      return program.await(SOON).expect(0);
    }
  }
}
