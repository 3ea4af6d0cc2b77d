// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.boot.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.efi.api.EfiStatus;

/** Steps and numbers of a call by name are those that are recorded by number. */
class StepNamesTest {
  private enum Step {
    FIRST, SECOND, THIRD
  }

  private enum Slot {
    ROOM, COUNT, LIST
  }

  private static final Step[] STEPS = Step.values();

  /** A call that is only its step and its numbers. */
  private record Recorded(int step, long[] numbers) implements Call {
    @Override
    public Firmware firmware() {
      throw new UnsupportedOperationException();
    }

    @Override
    public long argument(int index) {
      return 0;
    }

    @Override
    public long result() {
      return 0;
    }

    @Override
    public long accessed(int index) {
      return 0;
    }

    @Override
    public long get(int index) {
      return numbers[index];
    }

    @Override
    public void set(int index, long value) {
      numbers[index] = value;
    }

    @Override
    public long room(int bytes) {
      return 0;
    }
  }

  private static Recorded at(int step) {
    return new Recorded(step, new long[Call.NUMBERS]);
  }

  @Test
  void theOrdinalOfAStepIsItsNumber() {
    for (Step step : Step.values()) {
      assertSame(step, at(step.ordinal()).step(STEPS));
      assertTrue(at(step.ordinal()).isAt(step));
      assertFalse(at(step.ordinal() + 1).isAt(step));
    }
  }

  @Test
  void aStepThatAFunctionHasNotEndsTheCall() {
    for (int step : new int[] {-1, 3, 40, Integer.MAX_VALUE}) {
      EfiError error = assertThrows(EfiError.class, () -> at(step).step(STEPS));
      assertEquals(EfiStatus.DEVICE_ERROR, error.status());
      assertEquals("step " + step + " of a function that has 3", error.getMessage());
    }
  }

  @Test
  void theOrdinalOfASlotIsItsPlaceAndAListBeginsThere() {
    Recorded call = at(0);
    call.set(Slot.ROOM, 5);
    call.set(Slot.COUNT, 6);
    call.set(Slot.LIST, 7);
    call.set(Slot.LIST, 2, 8);
    assertArrayEquals(new long[] {5, 6, 7, 0, 8}, java.util.Arrays.copyOf(call.numbers, 5));
    assertEquals(6, call.get(Slot.COUNT));
    assertEquals(7, call.get(Slot.LIST, 0));
    assertEquals(8, call.get(Slot.LIST, 2));
  }

  @Test
  void whatComesNextIsTheSameByNameAndByNumber() {
    EfiAccess access = EfiAccess.read(4, 8);
    assertEquals(new EfiStep.Go(2), new EfiStep.Go(Step.THIRD));
    assertEquals(new EfiStep.Wait(1, 9), new EfiStep.Wait(Step.SECOND, 9));
    assertEquals(new EfiStep.Touch(2, List.of(access)), EfiStep.touch(Step.THIRD, access));
    assertEquals(new EfiStep.Touch(2, List.of(access)), new EfiStep.Touch(Step.THIRD, List.of(access)));
    assertEquals(new EfiStep.Post(1, List.of(access)), EfiStep.post(Step.SECOND, access));
    assertEquals(new EfiStep.Post(1, List.of(access)), new EfiStep.Post(Step.SECOND, List.of(access)));
    EfiStep.Invoke invoke = (EfiStep.Invoke) EfiStep.call(Step.SECOND, 7, 8, 9);
    assertEquals(1, invoke.next());
    assertEquals(7, invoke.function());
    assertArrayEquals(new long[] {8, 9}, invoke.arguments());
    assertEquals(2, new EfiStep.Invoke(Step.THIRD, 7, new long[0]).next());
  }

  @Test
  void whoAsksOnceBeginsWithIt() {
    assertTrue(at(0).isAt(AskOnce.ASK));
    assertTrue(at(0).isFirst());
    assertTrue(at(1).isAt(AskOnce.ANSWERED));
    assertFalse(at(1).isFirst());
  }
}
