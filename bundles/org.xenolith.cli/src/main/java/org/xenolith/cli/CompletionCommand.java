// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.xenolith.command.api.ExitCode;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParameterException;

/** {@code completion}: what lets a shell complete command lines, by picocli's generator. */
final class CompletionCommand implements Callable<Integer> {
  static final String NAME = "completion";
  private static final List<String> SHELLS = List.of("bash", "zsh");
  /**
   * The generator's own function takes any word of the line that is called as a command for one ({@code boot --share image}); this one goes down from the first. Where
   * nothing is known of a word it may be a file.
   */
  private static final String ENTRY = """

      # The words before say which command it is; what is none of its words may be a file.
      _xenolith() {
        local i word name=_picocli_xenolith
        for ((i = 1; i < COMP_CWORD; i++)); do
          word=${COMP_WORDS[i]}
          case $word in
            --plugins) i=$((i + 1)) ;;
            -*) ;;
            *)
              type "${name}_${word//-/}" >/dev/null 2>&1 || break
              name=${name}_${word//-/}
              ;;
          esac
        done
        word=${COMP_WORDS[COMP_CWORD]}
        COMPREPLY=()
        "$name"
        if [[ ${#COMPREPLY[@]} == 0 && $word != -* ]]; then
          local IFS=$'\\n'
          type compopt &>/dev/null && compopt -o filenames
          COMPREPLY=($(compgen -f -- "$word"))
        fi
      }
      complete -F _xenolith xenolith
      """;
  private final CommandSpec spec = CommandSpec.wrapWithoutInspection(this).name(NAME);
  private final List<String> launcher;
  private String shell;

  private CompletionCommand(List<String> launcher) {
    this.launcher = launcher;
    spec.usageMessage().description("Prints what lets bash or zsh complete commands, options, their values and files; for one session:",
        "  source <(./xenolith completion bash)", "for all of them, write it into a file that ~/.bashrc or ~/.zshrc sources.");
    spec.addPositional(PositionalParamSpec.builder().index("0").arity("1").paramLabel("SHELL").type(String.class).completionCandidates(
        SHELLS).setter(FieldOption.setter(String.class, given -> shell = given)).description("bash or zsh; both take the same.").build());
    FieldOption.addHelp(spec);
  }

  /** The command. @param launcher commands of who starts the program */
  static CommandLine line(List<String> launcher) {
    return new CommandLine(new CompletionCommand(launcher).spec);
  }

  @Override
  public Integer call() {
    if (!SHELLS.contains(shell)) {
      throw new ParameterException(spec.commandLine(), "completion: expected bash or zsh, got '" + shell + "'");
    }
    PrintWriter out = spec.commandLine().getOut();
    out.print(AutoComplete.bash("xenolith", CompletionTree.of(spec.commandLine().getParent(), launcher)));
    out.print(ENTRY);
    out.flush();
    return ExitCode.DONE;
  }
}
