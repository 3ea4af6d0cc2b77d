// SPDX-License-Identifier: EPL-2.0
package org.xenolith.machine.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

/** Questions that are inputs, and who gets the answers. */
class AskedPortTest {
  private final AskedPort<Runnable> asked = new AskedPort<>("kind", "/place") {};
  private final List<String> inputs = new ArrayList<>();
  private Machine.InputHandler handler;
  private boolean runs = true;
  /** Applies inputs at once, while it runs. */
  private final Machine machine = (Machine) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {Machine.class}, (self,
      method,
      arguments) -> {
    if (method.getName().equals("inputHandler")) {
      assertEquals("kind", arguments[0]);
      handler = (Machine.InputHandler) arguments[1];
    } else if (method.getName().equals("input")) {
      byte[] bytes = (byte[]) arguments[2];
      inputs.add(arguments[0] + " " + arguments[1] + " " + new String(bytes, StandardCharsets.UTF_8));
      if (runs) {
        assertEquals(bytes.length, handler.apply("/place", bytes));
      }
    }
    return null;
  });

  @Test
  void whoAsksHasTheAnswerOrWhatItThrew() throws Exception {
    asked.serve(machine, question -> {
      if (question.isEmpty()) {
        throw new IllegalArgumentException("a question, please");
      }
      return question + "!";
    });
    assertEquals("why so?!", asked.await(machine, "why so?", 1));
    assertEquals("a question, please", assertThrows(IllegalArgumentException.class, () -> asked.await(machine, "", 1)).getMessage());
    assertEquals(List.of("kind /place 1 why so?", "kind /place 2 "), inputs);
  }

  @Test
  void aReplayedQuestionIsServedThoughNobodyAsks() {
    List<String> served = new ArrayList<>();
    asked.serve(machine, question -> {
      served.add(question);
      throw new IllegalStateException("and nobody is told");
    });
    assertEquals(4, handler.apply("/place", "7 on".getBytes(StandardCharsets.UTF_8)));
    assertEquals(List.of("on"), served);
  }

  @Test
  void aMachineThatIsStoppedGivesNoAnswer() {
    asked.serve(machine, question -> question);
    runs = false;
    assertThrows(TimeoutException.class, () -> asked.await(machine, "why", 0));
    assertTrue(inputs.getFirst().endsWith(" why"));
  }
}
