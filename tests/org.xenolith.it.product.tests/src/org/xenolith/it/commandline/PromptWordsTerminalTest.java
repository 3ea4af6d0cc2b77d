// SPDX-License-Identifier: EPL-2.0
package org.xenolith.it.commandline;

import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.xenolith.it.product.Product;
import org.xenolith.it.product.Program;
import org.xenolith.testkit.FullLane;

/** The words of the prompt as a person at a terminal has them: Tab completes, Ctrl-C gives up, and a machine that stops at a break brings the prompt. */
@FullLane
class PromptWordsTerminalTest {
  private static final String ESCAPE = "\u001d";
  private static final String INTERRUPT = "\u0003";
  /** The prompt, and nothing behind it. */
  private static final String PROMPT = "\\(xenolith\\) $";
  private static final int SOON_MILLISECONDS = 300;

  /** Types a line at the prompt, and waits for what a terminal shows of its answer. */
  private static void type(Program boot, String line, String answer) throws InterruptedException {
    boot.type(line + "\r");
    boot.awaitOutput(answer, Product.LONG);
  }

  @Test
  void whenARunHasEndedItsPastIsLookedInto() throws InterruptedException {
    try (Program boot = Product.startOnTerminal("boot", "--guest", "tiny", "--limit", 0.2, "--history", "--stay")) {
      boot.awaitOutput("tick 3(?s:.*)limit of virtual time(?s:.*)bt(?s:.*)#0  0x(?s:.*)" + PROMPT, Product.LONG);
      boot.type("paus\t");
      type(boot, "", "pause(?s:.*)the machine's run has ended: it stands still, and what it has can be looked at(?s:.*)" + PROMPT);
      boot.type("regs SCTLR_EL1\t");
      type(boot, "", "SCTLR_EL1 = 0x\\w+(?s:.*)" + PROMPT);
      type(boot, "mem PC 8 json", "\\{\"memory\": (?s:.*)\\}(?s:.*)" + PROMPT);
      type(boot, "back 2", "in the past: (?s:.*)" + PROMPT);
      boot.type("forth 1" + INTERRUPT);
      type(boot, "present", "forth 1(?s:.*)the present: (?s:.*)" + PROMPT);
      type(boot, "nonsense", "unknown command 'nonsense'(?s:.*)" + PROMPT);
      boot.type("quit\r");
      boot.await(Product.LONG).expect(3);
    }
  }

  @Test
  void aKernelIsBrokenIntoByNameAndAWayBackIsGivenUp() throws InterruptedException {
    try (Program boot = Product.startOnTerminal("boot", "--history", "--cpus", 2)) {
      boot.awaitOutput("xenolith:/# ", Product.LONG);
      boot.type(ESCAPE);
      boot.awaitOutput("\\(xenolith\\) ", Product.LONG);
      type(boot, "pause", "halted; ");
      boot.type("break vfs_rea\t");
      boot.awaitOutput(Pattern.quote("break vfs_read"), Product.LONG);
      type(boot, "", "break 1: 0x\\w+ vfs_read(dir|v|)?");
      type(boot, "go", "xenolith:/# |go");
      boot.type("\r");
      boot.awaitOutput("stopped: break 1, 0x\\w+ vfs_read", Product.LONG);
      type(boot, "bt", "#1  0x\\w+ ksys_read");
      // Nothing is ever executed there, so that all of the past would be gone through.
      boot.type("back-to 0x123456\r");
      Thread.sleep(SOON_MILLISECONDS);
      boot.type(INTERRUPT);
      boot.awaitOutput("back-to 0x123456(?s:.*)given up", Product.LONG);
      type(boot, "present", "the present: |this is the present");
      type(boot, "delete all", "delete all");
      type(boot, "go", "go");
      boot.type("\recho alive $((6*7))\r");
      boot.awaitOutput("alive 42", Product.LONG);
      boot.type(ESCAPE + "quit\r");
      boot.await(Product.LONG).expect(0);
    }
  }
}
