// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HelpTextTest {
  @Test
  void holesAreFound() {
    String help = """
                Usage: xenolith run [-hV] FILE...
                Executes scenarios.
                      FILE...            Scenario files.
                  -D=NAME=VALUE          What null stands for in the files.
                      --check
                      --console=VERY-LONG-NAME-OF-A-VALUE
                                         Show it.
                  -h, --help             Show this help (default: ${DEFAULT-VALUE}).
                      --junit=OUT.xml    What ${NAME} stands for.
                Commands:
                  boot      Boots.
                  silent
                """;
    assertEquals(List.of("-D=NAME=VALUE          What null stands for in the files.", "nothing is said of --check",
        "-h, --help             Show this help (default: ${DEFAULT-VALUE}).", "nothing is said of silent"), HelpText.holes(help));
    assertEquals(List.of("boot", "silent"), HelpText.commands(help));
    assertEquals(Map.of(), HelpText.exitCodes(help));
  }

  @Test
  void exitCodesAreReadOverTheEndsOfLines() {
    assertEquals(Map.of(0, "all went well", 1, "it failed"), HelpText.exitCodes(
        "Usage: x\n\nExit codes:\n   0   all went\n       well\n   1   it failed\n"
            + "\nMore.\n"));
  }
}
