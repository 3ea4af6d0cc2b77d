// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.arm.api;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.Vcpu;

class SystemRegistersPortTest {
  private static final long SEED = 20_261_120;

  private final SystemRegistersPort registers = new SystemRegistersPort();

  /** Answers nothing; each is another one. */
  private static final class Answer implements RegisterTrap {
    @Override
    public long read(Vcpu vcpu, int register) {
      return 0;
    }

    @Override
    public void write(Vcpu vcpu, int register, long value) {}
  }

  @Test
  void registerIsAnsweredByWhoClaimedItLast() {
    System.out.println("seed " + SEED);
    Random random = new Random(SEED);
    Answer[] answers = {new Answer(), new Answer(), new Answer(), new Answer()};
    Map<Integer, Answer> expected = new HashMap<>();
    for (int step = 0; step < 2000; step++) {
      Answer answer = answers[random.nextInt(answers.length)];
      if (random.nextInt(5) == 0) {
        registers.release(answer);
        expected.values().removeIf(a -> a == answer);
      } else {
        int[] ids = random.ints(random.nextInt(4), 0, 40).toArray();
        registers.claim(answer, null, ids);
        for (int id : ids) {
          expected.put(id, answer);
        }
      }
      for (int id = -1; id <= 40; id++) {
        SystemRegistersPort.Claim claim = registers.register(id);
        if (expected.containsKey(id)) {
          assertSame(expected.get(id), claim.handler(), "register " + id + " in step " + step);
        } else {
          assertNull(claim, "register " + id + " in step " + step);
        }
      }
    }
  }
}
