// SPDX-License-Identifier: EPL-2.0
package org.xenolith.efi.kit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.xenolith.efi.api.EfiStatus.BUFFER_TOO_SMALL;
import static org.xenolith.efi.api.EfiStatus.INVALID_PARAMETER;
import static org.xenolith.efi.api.EfiStatus.NOT_FOUND;
import static org.xenolith.efi.api.EfiStatus.SUCCESS;
import static org.xenolith.efi.api.EfiStatus.UNSUPPORTED;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.xenolith.efi.api.CapsuleAnswer;
import org.xenolith.efi.api.CapsuleHeader;
import org.xenolith.efi.api.CounterAnswer;
import org.xenolith.efi.api.EfiGuid;
import org.xenolith.efi.api.EfiStatus;
import org.xenolith.efi.api.EfiTime;
import org.xenolith.efi.api.NameAnswer;
import org.xenolith.efi.api.ResetType;
import org.xenolith.efi.api.RuntimeServices;
import org.xenolith.efi.api.SpaceAnswer;
import org.xenolith.efi.api.TimeAnswer;
import org.xenolith.efi.api.VariableAnswer;
import org.xenolith.efi.api.VariableName;
import org.xenolith.efi.api.WakeupAnswer;

/** Arguments in, answers out; and whatever a caller gives, it gets a status. */
class RuntimeCallsTest {
  private static final long IN = 0x1_0000;
  private static final long OUT = 0x2_0000;
  private static final long READ_ONLY = 0x3_0000;
  private static final long UNMAPPED = 0x4_0000;
  private static final long NAME = IN;
  private static final long GUID = IN + 0x100;
  private static final long DATA = IN + 0x200;
  private static final VariableName LANG = VariableName.global("Lang");
  private static final EfiTime TIME = EfiTime.utc(2026, 11, 22, 8, 30, 0);

  private final PagedMemory memory = new PagedMemory().map(IN, true).map(OUT, true).map(READ_ONLY, false).put(NAME, LANG.toBytes())
      .put(GUID, LANG.vendor().toBytes()).put(READ_ONLY, LANG.toBytes());
  private final Map<String, Object> answers = new HashMap<>();
  private final List<Object> seen = new ArrayList<>();
  private final RuntimeCalls calls = new RuntimeCalls((RuntimeServices) Proxy.newProxyInstance(getClass().getClassLoader(),
      new Class<?>[] {RuntimeServices.class}, (proxy, method, arguments) -> {
        seen.add(method.getName());
        seen.addAll(arguments == null ? List.of() : Arrays.asList(arguments));
        Object answer = answers.get(method.getName());
        if (answer == null && method.getReturnType() != void.class) {
          throw new AssertionError("no call was expected: " + method.getName());
        }
        return answer;
      }));

  private EfiStatus call(RuntimeFunction function, long... arguments) {
    return calls.call(function, Arrays.copyOf(arguments, 8), memory);
  }

  /** Each of these pointers is refused in the place of a sound one, nothing is called, and nothing is written. */
  private void refused(RuntimeFunction function, long[] sound, int argument, long... pointers) {
    for (long pointer : pointers) {
      long[] arguments = sound.clone();
      arguments[argument] = pointer;
      seen.clear();
      int writes = memory.writes;
      String what = function + ", argument " + argument + " is 0x" + Long.toHexString(pointer);
      assertEquals(INVALID_PARAMETER, call(function, arguments), what);
      assertEquals(List.of(), seen, what);
      assertEquals(writes, memory.writes, what);
    }
  }

  private void succeeds(RuntimeFunction function, long... arguments) {
    assertEquals(SUCCESS, call(function, arguments), function.toString());
  }

  @Test
  void timeIsReadAndSet() {
    answers.put("getTime", new TimeAnswer(SUCCESS, TIME, 1, 50, true));
    answers.put("setTime", SUCCESS);
    succeeds(RuntimeFunction.GET_TIME, OUT, OUT + 0x20);
    assertArrayEquals(TIME.toBytes(), memory.read(OUT, 16));
    assertEquals(1, memory.number(OUT + 0x20, 4));
    assertEquals(50, memory.number(OUT + 0x24, 4));
    assertEquals(1, memory.number(OUT + 0x28, 1));
    succeeds(RuntimeFunction.GET_TIME, OUT, 0);
    succeeds(RuntimeFunction.SET_TIME, OUT);
    assertEquals(List.of("getTime", "getTime", "setTime", TIME), seen);
    refused(RuntimeFunction.GET_TIME, new long[] {OUT, OUT + 0x20}, 0, 0, OUT + 2, UNMAPPED, READ_ONLY, OUT + 0xFFC, -4);
    refused(RuntimeFunction.GET_TIME, new long[] {OUT, OUT + 0x20}, 1, OUT + 2, UNMAPPED, READ_ONLY);
    refused(RuntimeFunction.SET_TIME, new long[1], 0, 0, OUT + 2, UNMAPPED, OUT + 0xFFC, -4);
    answers.put("getTime", TimeAnswer.of(EfiStatus.DEVICE_ERROR));
    int writes = memory.writes;
    assertEquals(EfiStatus.DEVICE_ERROR, call(RuntimeFunction.GET_TIME, OUT, OUT + 0x20));
    assertEquals(writes, memory.writes);
  }

  @Test
  void alarmIsReadAndSet() {
    answers.put("getWakeupTime", new WakeupAnswer(SUCCESS, true, false, TIME));
    answers.put("setWakeupTime", SUCCESS);
    long[] sound = {OUT, OUT + 1, OUT + 4};
    succeeds(RuntimeFunction.GET_WAKEUP_TIME, sound);
    assertEquals(1, memory.number(OUT, 1));
    assertEquals(0, memory.number(OUT + 1, 1));
    assertArrayEquals(TIME.toBytes(), memory.read(OUT + 4, 16));
    for (int argument = 0; argument < 3; argument++) {
      refused(RuntimeFunction.GET_WAKEUP_TIME, sound, argument, 0, UNMAPPED, READ_ONLY);
    }
    refused(RuntimeFunction.GET_WAKEUP_TIME, sound, 2, OUT + 6);
    seen.clear();
    succeeds(RuntimeFunction.SET_WAKEUP_TIME, 0xFFFF_FF01L, OUT + 4);
    succeeds(RuntimeFunction.SET_WAKEUP_TIME, 1, 0);
    succeeds(RuntimeFunction.SET_WAKEUP_TIME, 0x100, UNMAPPED);
    assertEquals(Arrays.asList("setWakeupTime", true, TIME, "setWakeupTime", true, null, "setWakeupTime", false, null), seen);
    refused(RuntimeFunction.SET_WAKEUP_TIME, new long[] {1, 0}, 1, UNMAPPED, OUT + 2);
  }

  @Test
  void variableIsRead() {
    answers.put("getVariable", new VariableAnswer(SUCCESS, 7, 3, new byte[] {1, 2, 3}));
    long[] sound = {NAME, GUID, OUT, OUT + 8, OUT + 0x13};
    memory.put(OUT + 8, 10);
    succeeds(RuntimeFunction.GET_VARIABLE, sound);
    assertEquals(List.of("getVariable", LANG, 10L), seen);
    assertEquals(7, memory.number(OUT, 4));
    assertEquals(3, memory.number(OUT + 8, 8));
    assertArrayEquals(new byte[] {1, 2, 3, 0}, memory.read(OUT + 0x13, 4), "data may lie anywhere, and no more is written");
    succeeds(RuntimeFunction.GET_VARIABLE, NAME, GUID, 0, OUT + 8, OUT + 0x13);
    succeeds(RuntimeFunction.GET_VARIABLE, READ_ONLY, GUID, 0, OUT + 8, OUT + 0x13);
    for (int argument : new int[] {0, 1, 3}) {
      refused(RuntimeFunction.GET_VARIABLE, sound, argument, 0, UNMAPPED, -8);
    }
    refused(RuntimeFunction.GET_VARIABLE, sound, 0, NAME + 1);
    refused(RuntimeFunction.GET_VARIABLE, sound, 2, UNMAPPED, READ_ONLY, OUT + 2);
    refused(RuntimeFunction.GET_VARIABLE, sound, 3, READ_ONLY, OUT + 12);
    for (long data : new long[] {0, UNMAPPED, READ_ONLY, OUT + 0xFFE}) {
      assertEquals(INVALID_PARAMETER, call(RuntimeFunction.GET_VARIABLE, NAME, GUID, OUT, OUT + 8, data));
    }
    answers.put("getVariable", new VariableAnswer(BUFFER_TOO_SMALL, 6, 5000, new byte[0]));
    assertEquals(BUFFER_TOO_SMALL, call(RuntimeFunction.GET_VARIABLE, NAME, GUID, OUT, OUT + 8, 0));
    assertEquals(5000, memory.number(OUT + 8, 8));
    assertEquals(6, memory.number(OUT, 4));
    answers.put("getVariable", VariableAnswer.of(NOT_FOUND));
    int writes = memory.writes;
    assertEquals(NOT_FOUND, call(RuntimeFunction.GET_VARIABLE, sound));
    assertEquals(writes, memory.writes);
  }

  /** A name ends with its NUL, which may be the last thing that is mapped; one that doesn't end is none. */
  @Test
  void nameEndsWithItsNul() {
    answers.put("getVariable", VariableAnswer.of(NOT_FOUND));
    memory.put(OUT + 8, 0);
    memory.put(IN + 0x1000 - LANG.bytes(), LANG.toBytes());
    assertEquals(NOT_FOUND, call(RuntimeFunction.GET_VARIABLE, IN + 0x1000 - LANG.bytes(), GUID, 0, OUT + 8, 0));
    memory.put(IN + 0xFFE, new byte[] {1, 1});
    refused(RuntimeFunction.GET_VARIABLE, new long[] {0, GUID, 0, OUT + 8, 0}, 0, IN + 0x1000 - LANG.bytes());
    byte[] letters = new byte[4096];
    Arrays.fill(letters, (byte) 'a');
    for (long page = 0x100_0000; page < 0x102_1000; page += 4096) {
      memory.map(page, true).put(page, letters);
    }
    refused(RuntimeFunction.GET_VARIABLE, new long[] {0, GUID, 0, OUT + 8, 0}, 0, 0x100_0000);
    memory.put(0x101_FFFE, new byte[2]);
    assertEquals(NOT_FOUND, call(RuntimeFunction.GET_VARIABLE, 0x100_0000, GUID, 0, OUT + 8, 0), "128 KiB with the NUL");
  }

  @Test
  void namesAreEnumerated() {
    VariableName next = new VariableName("Boot0000", EfiGuid.IMAGE_SECURITY_DATABASE);
    answers.put("getNextVariableName", new NameAnswer(SUCCESS, next.bytes(), next));
    memory.put(OUT, 64).put(OUT + 0x10, LANG.toBytes()).put(OUT + 0x80, LANG.vendor().toBytes());
    long[] sound = {OUT, OUT + 0x10, OUT + 0x80};
    succeeds(RuntimeFunction.GET_NEXT_VARIABLE_NAME, sound);
    assertEquals(List.of("getNextVariableName", LANG, 64L), seen);
    assertEquals(next.bytes(), memory.number(OUT, 8));
    assertArrayEquals(next.toBytes(), memory.read(OUT + 0x10, next.bytes()));
    assertArrayEquals(next.vendor().toBytes(), memory.read(OUT + 0x80, 16));
    for (int argument = 0; argument < 3; argument++) {
      refused(RuntimeFunction.GET_NEXT_VARIABLE_NAME, sound, argument, 0, UNMAPPED);
    }
    refused(RuntimeFunction.GET_NEXT_VARIABLE_NAME, sound, 0, OUT + 4, READ_ONLY);
    refused(RuntimeFunction.GET_NEXT_VARIABLE_NAME, sound, 1, OUT + 0x11);
    refused(RuntimeFunction.GET_NEXT_VARIABLE_NAME, sound, 2, READ_ONLY);
    memory.put(OUT, 16);
    refused(RuntimeFunction.GET_NEXT_VARIABLE_NAME, sound, 0, OUT); // no NUL in so many bytes
    memory.put(OUT, 0);
    refused(RuntimeFunction.GET_NEXT_VARIABLE_NAME, sound, 0, OUT);
    memory.put(OUT, -1);
    assertEquals(INVALID_PARAMETER, call(RuntimeFunction.GET_NEXT_VARIABLE_NAME, OUT, READ_ONLY, OUT + 0x80), "the name can't be written");
    answers.put("getNextVariableName", new NameAnswer(BUFFER_TOO_SMALL, 100, null));
    memory.put(OUT, 20);
    assertEquals(BUFFER_TOO_SMALL, call(RuntimeFunction.GET_NEXT_VARIABLE_NAME, sound));
    assertEquals(100, memory.number(OUT, 8));
  }

  @Test
  void variableIsSet() {
    answers.put("setVariable", SUCCESS);
    memory.put(DATA, new byte[] {9, 8, 7});
    succeeds(RuntimeFunction.SET_VARIABLE, NAME, GUID, 0xFFFF_FFFF_0000_0007L, 3, DATA);
    assertEquals(List.of("setVariable", LANG, 7), seen.subList(0, 3));
    assertArrayEquals(new byte[] {9, 8, 7}, (byte[]) seen.get(3));
    succeeds(RuntimeFunction.SET_VARIABLE, NAME, GUID, 0, 0, 0);
    succeeds(RuntimeFunction.SET_VARIABLE, NAME, GUID, 0, 0, UNMAPPED);
    long[] sound = {NAME, GUID, 7, 3, DATA};
    refused(RuntimeFunction.SET_VARIABLE, sound, 0, 0, NAME + 1, UNMAPPED, -2);
    refused(RuntimeFunction.SET_VARIABLE, sound, 1, 0, UNMAPPED, NAME + 0xFF8);
    refused(RuntimeFunction.SET_VARIABLE, sound, 3, 0x1000, 1 << 20, (1 << 20) + 1, 0x1_0000_0003L, -1);
    refused(RuntimeFunction.SET_VARIABLE, sound, 4, 0, UNMAPPED, IN + 0xFFE, -1);
  }

  @Test
  void counterAndSpaceAreAsked() {
    answers.put("getNextHighMonotonicCount", new CounterAnswer(SUCCESS, 5));
    answers.put("queryVariableInfo", new SpaceAnswer(SUCCESS, 1, 2, 3));
    succeeds(RuntimeFunction.GET_NEXT_HIGH_MONOTONIC_COUNT, OUT);
    assertEquals(5, memory.number(OUT, 4));
    refused(RuntimeFunction.GET_NEXT_HIGH_MONOTONIC_COUNT, new long[1], 0, 0, OUT + 2, UNMAPPED, READ_ONLY);
    long[] sound = {7, OUT, OUT + 8, OUT + 16};
    succeeds(RuntimeFunction.QUERY_VARIABLE_INFO, sound);
    for (int argument = 1; argument <= 3; argument++) {
      assertEquals(argument, memory.number(OUT + 8 * argument - 8, 8));
      refused(RuntimeFunction.QUERY_VARIABLE_INFO, sound, argument, 0, OUT + 4, UNMAPPED, READ_ONLY);
    }
  }

  @Test
  void resetIsNotKeptBackByItsData() {
    memory.put(DATA, new byte[] {'w', 0, 0, 0});
    for (long[] data : new long[][] {{4, DATA}, {4, 0}, {0, DATA}, {4, UNMAPPED}, {-1, DATA}, {(1 << 20) + 1, DATA}}) {
      seen.clear();
      succeeds(RuntimeFunction.RESET_SYSTEM, 0xFFFF_FFFF_0000_0002L, 77, data[0], data[1]);
      assertEquals(List.of("resetSystem", ResetType.SHUTDOWN, 77L), seen.subList(0, 3));
      assertEquals(data[0] == 4 && data[1] == DATA ? 4 : 0, ((byte[]) seen.get(3)).length);
    }
  }

  @Test
  void capsulesAreReadByTheirHeaders() {
    answers.put("updateCapsule", UNSUPPORTED);
    answers.put("queryCapsuleCapabilities", new CapsuleAnswer(SUCCESS, 4096, ResetType.WARM));
    memory.put(DATA, GUID - 0x40).put(DATA + 8, GUID - 0x40).put(GUID - 0x40, LANG.vendor().toBytes()).put(GUID - 0x30, 28).put(GUID - 0x2C,
        0x5_0000L).put(GUID - 0x28, 100);
    CapsuleHeader header = new CapsuleHeader(LANG.vendor(), 28, 0x5_0000, 100);
    assertEquals(UNSUPPORTED, call(RuntimeFunction.UPDATE_CAPSULE, DATA, 2, 0x1234));
    assertEquals(List.of("updateCapsule", List.of(header, header), 0x1234L), seen);
    long[] sound = {DATA, 1, OUT, OUT + 8};
    succeeds(RuntimeFunction.QUERY_CAPSULE_CAPABILITIES, sound);
    assertEquals(4096, memory.number(OUT, 8));
    assertEquals(1, memory.number(OUT + 8, 4));
    refused(RuntimeFunction.UPDATE_CAPSULE, sound, 0, 0, DATA + 4, UNMAPPED, DATA + 0x10);
    refused(RuntimeFunction.UPDATE_CAPSULE, sound, 1, 0, 3, 1024, 1025, -1, 1L << 61);
    refused(RuntimeFunction.QUERY_CAPSULE_CAPABILITIES, sound, 2, 0, OUT + 4, UNMAPPED, READ_ONLY);
    refused(RuntimeFunction.QUERY_CAPSULE_CAPABILITIES, sound, 3, 0, OUT + 2, UNMAPPED, READ_ONLY);
    memory.put(DATA, UNMAPPED);
    refused(RuntimeFunction.UPDATE_CAPSULE, sound, 0, DATA);
  }

  /** Whatever the arguments are, there is a status. */
  @Test
  void randomArgumentsHaveAnAnswer() {
    answers.put("getTime", new TimeAnswer(SUCCESS, TIME, 1, 50, true));
    answers.put("setTime", SUCCESS);
    answers.put("getWakeupTime", new WakeupAnswer(SUCCESS, true, false, TIME));
    answers.put("setWakeupTime", SUCCESS);
    answers.put("getVariable", new VariableAnswer(SUCCESS, 7, 3, new byte[] {1, 2, 3}));
    answers.put("getNextVariableName", new NameAnswer(SUCCESS, LANG.bytes(), LANG));
    answers.put("setVariable", SUCCESS);
    answers.put("getNextHighMonotonicCount", new CounterAnswer(SUCCESS, 5));
    answers.put("queryVariableInfo", new SpaceAnswer(SUCCESS, 1, 2, 3));
    answers.put("updateCapsule", UNSUPPORTED);
    answers.put("queryCapsuleCapabilities", new CapsuleAnswer(SUCCESS, 4096, ResetType.WARM));
    Random random = new Random(15);
    long[] bases = {0, IN, OUT, READ_ONLY, UNMAPPED, -4096, 1L << 63, 0x1000};
    int done = 0;
    for (int i = 0; i < 20_000; i++) {
      long[] arguments = new long[8];
      for (int a = 0; a < 8; a++) {
        arguments[a] = random.nextInt(4) == 0 ? random.nextLong() : bases[random.nextInt(bases.length)] + random.nextInt(4096);
      }
      RuntimeFunction function = RuntimeFunction.values()[random.nextInt(14)];
      Executable call = () -> calls.call(function, arguments, memory);
      if (function != RuntimeFunction.SET_VIRTUAL_ADDRESS_MAP && function != RuntimeFunction.CONVERT_POINTER) {
        assertDoesNotThrow(call, () -> function + Arrays.toString(arguments));
        done += seen.isEmpty() ? 0 : 1;
        seen.clear();
      }
    }
    assertTrue(done > 1000, done + " of them were called");
  }
}
