// SPDX-License-Identifier: EPL-2.0
package org.xenolith.hyp.x64.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.hyp.api.Domain;
import org.xenolith.hyp.api.Vcpu;
import org.xenolith.machine.api.RamExhausted;

/** Vectors of the machine's CPUs; messages to and ends from local interrupt controllers of guests. */
class InterruptPortsTest {
  private static final RuntimeException BUG = new IllegalStateException("bug");
  private final Owners owners = new Owners();
  private final HostVectorsPort vectors = new HostVectorsPort();
  private final GuestInterruptsPort interrupts = new GuestInterruptsPort();
  private final List<String> heard = new ArrayList<>();

  private HostVector handler(String name) {
    return (cpu, vector) -> heard.add(name + " " + vector);
  }

  // ---- Vectors

  @Test
  void everybodyGetsAVectorOfItsOwnUntilThereIsNone() {
    HostVector first = handler("first");
    for (int vector = HostVectorsPort.FIRST; vector <= HostVectorsPort.LAST; vector++) {
      assertEquals(vector, vectors.claim(-1, first, owners.owner("a")));
    }
    assertEquals(-1, vectors.claim(-1, first, owners.owner("a")));
    vectors.release(0x50, handler("another"));
    assertEquals(-1, vectors.claim(-1, first, owners.owner("a")), "it isn't that one's");
    vectors.release(0x50, first);
    assertFalse(vectors.serve(null, 0x50));
    assertEquals(0x50, vectors.claim(-1, handler("second"), owners.owner("b")));
    assertTrue(vectors.serve(null, 0x50));
    assertTrue(vectors.serve(null, 0x51));
    assertEquals(List.of("second 80", "first 81"), heard);
  }

  @Test
  void aVectorThatIsNamedIsTakenOverFromWhoHadIt() {
    HostVector former = handler("former");
    vectors.claim(0x40, former, owners.owner("a"));
    assertEquals(0x40, vectors.claim(0x40, handler("next"), owners.owner("a")));
    vectors.release(0x40, former);
    assertTrue(vectors.serve(null, 0x40));
    assertEquals(List.of("next 64"), heard);
  }

  @Test
  void otherVectorsAreNobodys() {
    for (int wrong : new int[] {-2, 0, HostVectorsPort.FIRST - 1, HostVectorsPort.LAST + 1, 256, Integer.MIN_VALUE}) {
      assertThrows(IllegalArgumentException.class, () -> vectors.claim(wrong, handler("a"), owners.owner("a")), "vector " + wrong);
      assertFalse(vectors.serve(null, wrong));
      vectors.release(wrong, handler("a"));
    }
    assertFalse(vectors.serve(null, HostVectorsPort.FIRST));
  }

  @Test
  void whoThrowsLosesTheVectorAndIsTold() {
    vectors.claim(0x40, (cpu, vector) -> {
      throw BUG;
    }, owners.owner("a"));
    assertTrue(vectors.serve(null, 0x40), "somebody had it");
    assertEquals(List.of(BUG), owners.failures);
    assertFalse(vectors.serve(null, 0x40));
    RamExhausted memory = new RamExhausted("none");
    vectors.claim(0x41, (cpu, vector) -> {
      throw memory;
    }, owners.owner("a"));
    assertSame(memory, assertThrows(RamExhausted.class, () -> vectors.serve(null, 0x41)));
    assertEquals(1, owners.failures.size());
  }

  // ---- Ends

  private InterruptEnd ending(String name) {
    return (domain, vector) -> heard.add(name + " " + vector);
  }

  @Test
  void everybodyHearsOfAnEndInTheOrderOfNames() {
    InterruptEnd b = ending("b");
    interrupts.listen(b, owners.owner("b"));
    interrupts.listen(ending("former a"), owners.owner("a"));
    interrupts.listen(ending("a"), owners.owner("a"));
    interrupts.ended(null, 0x51);
    assertEquals(List.of("a 81", "b 81"), heard);
    interrupts.forget(b);
    interrupts.ended(null, 0x52);
    assertEquals(List.of("a 81", "b 81", "a 82"), heard);
  }

  @Test
  void whoThrowsAtAnEndIsForgottenAndTheOthersHear() {
    interrupts.listen(ending("c"), owners.owner("c"));
    interrupts.listen((domain, vector) -> {
      throw BUG;
    }, owners.owner("b"));
    interrupts.listen(ending("a"), owners.owner("a"));
    interrupts.ended(null, 0x51);
    interrupts.ended(null, 0x52);
    assertEquals(List.of("a 81", "c 81", "a 82", "c 82"), heard);
    assertEquals(List.of(BUG), owners.failures);
  }

  // ---- Messages

  /** Has nothing but messages. */
  private abstract static class Quiet implements GuestInterrupts {
    @Override
    public boolean has(Domain domain) {
      return true;
    }

    @Override
    public boolean pending(Vcpu vcpu) {
      return false;
    }

    @Override
    public int acknowledge(Vcpu vcpu) {
      return -1;
    }

    @Override
    public int taskPriority(Vcpu vcpu) {
      return 0;
    }

    @Override
    public void taskPriority(Vcpu vcpu, int priority) {}

    @Override
    public void raise(Vcpu vcpu, int vector) {}
  }

  @Test
  void aMessageGoesToTheProvider() {
    assertFalse(interrupts.message(null, 0xFEE0_0000L, 0x31), "there is none");
    interrupts.attach(new Quiet() {}, owners.owner("older"));
    assertFalse(interrupts.message(null, 0xFEE0_0000L, 0x31), "it knows of no messages");
    interrupts.attach(new Quiet() {
      @Override
      public boolean message(Domain domain, long address, int data) {
        heard.add("%x %x".formatted(address, data));
        if (data == 0) {
          throw BUG;
        }
        return data == 0x31;
      }
    }, owners.owner("lapics"));
    assertTrue(interrupts.message(null, 0xFEE0_2000L, 0x31));
    assertFalse(interrupts.message(null, 0xFEE0_2004L, 0x41));
    assertEquals(List.of("fee02000 31", "fee02004 41"), heard);
    assertFalse(interrupts.message(null, 0, 0));
    assertEquals(List.of(BUG), owners.failures);
    assertFalse(interrupts.present());
  }
}
