// SPDX-License-Identifier: EPL-2.0
package org.xenolith.from.qemu;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import org.xenolith.command.api.BadInput;
import org.xenolith.command.api.ExitCode;
import org.xenolith.command.kit.JsonOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** {@code from-qemu}: prints what a command line of QEMU is here. */
@Command(name = "from-qemu", mixinStandardHelpOptions = true, sortOptions = false, customSynopsis = {"xenolith from-qemu 'QEMU-LINE'",
    "xenolith from-qemu QEMU-PROGRAM [OPTION]..."}, description = {
        "Prints the command line that does here what one of QEMU's does (qemu-system-aarch64, qemu-system-x86_64), and as comments behind it what is otherwise here, and what has no counterpart and why.",
        "The line is given as one word, in quotes as it stands in a script, with its variables and ends of lines; or as words, which the shell has read already.",
        "Exit code 0: what the guest would have it has here, but for what is said to be otherwise; 1: something of the machine is missing; 2: it can't be such a machine, or isn't understood.",
        "Which option becomes what says docs/guides/from-qemu.md."})
final class FromQemuCommand implements Callable<Integer> {
  private final List<String> processors;
  private final Set<String> networks;

  @Unmatched
  List<String> said = new ArrayList<>();

  @Mixin
  JsonOption json = new JsonOption();

  @Spec
  CommandSpec spec;

  /** The answer as JSON. @param words those behind {@code boot}. @param whole whether nothing of the machine is missing */
  private record Answer(String line, List<String> words, boolean whole, List<String> comments) {}

  /** @param processors names of the CPUs that a machine can be asked for. @param networks words of the networks outside */
  FromQemuCommand(List<String> processors, Set<String> networks) {
    this.processors = processors;
    this.networks = networks;
  }

  @Override
  public Integer call() {
    if (said.isEmpty()) {
      throw new BadInput("from-qemu: name a command line of QEMU's, in quotes: from-qemu 'qemu-system-aarch64 -M virt ...'");
    }
    TranslatedLine translated = TranslatedLine.of(QemuLine.of(said.size() == 1 ? ShellWords.split(said.getFirst()) : said), processors,
        networks);
    PrintWriter out = spec.commandLine().getOut();
    if (json.asked()) {
      JsonOption.print(out, "from-qemu", 1, new Answer(translated.line(), translated.words(), translated.whole(), translated.comments()));
      return translated.whole() ? ExitCode.DONE : ExitCode.GUEST_FAILED;
    }
    out.println(translated.line());
    translated.comments().forEach(each -> out.println("# " + each));
    out.flush();
    return translated.whole() ? ExitCode.DONE : ExitCode.GUEST_FAILED;
  }
}
