// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.xenolith.regs.RegisterField;

/** What a memory does by translating alone, and what descriptions refuse. */
class InspectedMemoryTest {
  private static final int PAGE = InspectedMemory.PAGE;

  /** Three pages from 0 on, whose bytes are their pages' numbers. */
  private static final class Bottom implements InspectedMemory {
    private final List<String> writes = new ArrayList<>();

    @Override
    public String name() {
      return "physical";
    }

    @Override
    public Optional<InspectedMemory> below() {
      return Optional.empty();
    }

    @Override
    public Optional<Mapping> translate(long address) {
      return Optional.empty();
    }

    @Override
    public List<TableEntry> walk(long address) {
      return List.of();
    }

    @Override
    public OptionalLong physical(long address) {
      return OptionalLong.of(address);
    }

    @Override
    public void write(long address, byte[] bytes) {
      writes.add(Long.toHexString(address) + " " + Arrays.toString(bytes));
    }

    @Override
    public Optional<byte[]> read(long address, int length) {
      if (address < 0 || address + length > 3L * PAGE) {
        return Optional.empty();
      }
      byte[] bytes = new byte[length];
      Arrays.fill(bytes, (byte) (address / PAGE));
      return Optional.of(bytes);
    }
  }

  /** Pages by their numbers. */
  private record Mapped(InspectedMemory under, Map<Long, Long> pages) implements InspectedMemory {
    @Override
    public String name() {
      return "mapped";
    }

    @Override
    public Optional<InspectedMemory> below() {
      return Optional.of(under);
    }

    @Override
    public Optional<Mapping> translate(long address) {
      return Optional.ofNullable(pages.get(address / PAGE)).map(page -> new Mapping(page * PAGE + address % PAGE, PAGE, true, true, true));
    }

    @Override
    public List<TableEntry> walk(long address) {
      return List.of();
    }
  }

  private final Bottom bottom = new Bottom();
  private final InspectedMemory middle = new Mapped(bottom, Map.of(5L, 2L, 6L, 0L, 7L, 9L));
  private final InspectedMemory top = new Mapped(middle, Map.of(0L, 6L, 1L, 5L, 2L, 7L, 3L, 8L));

  @Test
  void physicalAddressesAreThroughAllThatIsBelow() {
    assertEquals(OptionalLong.of(0x123), top.physical(0x123));
    assertEquals(OptionalLong.of(2L * PAGE + 7), top.physical(PAGE + 7));
    assertEquals(OptionalLong.empty(), top.physical(3L * PAGE), "the one below has no such page");
    assertEquals(OptionalLong.empty(), top.physical(4L * PAGE));
  }

  @Test
  void bytesAreReadPageByPageOrNotAtAll() {
    assertArrayEquals(new byte[] {0, 0, 2, 2}, top.read(PAGE - 2, 4).orElseThrow());
    assertTrue(top.read(2L * PAGE - 2, 4).isEmpty(), "no memory is there");
    assertTrue(top.read(3L * PAGE, 1).isEmpty());
    assertEquals(0, top.read(77L * PAGE, 0).orElseThrow().length);
  }

  @Test
  void bytesAreWrittenPageByPageOrNotAtAll() {
    top.write(PAGE - 2, new byte[] {1, 2, 3, 4});
    assertEquals(List.of("ffe [1, 2]", "2000 [3, 4]"), bottom.writes);
    bottom.writes.clear();
    String refused = assertThrows(IllegalArgumentException.class, () -> top.write(2L * PAGE - 2, new byte[4])).getMessage();
    assertEquals("mapped, 0x1ffe: 4 bytes aren't all in RAM; nothing was written", refused);
    assertThrows(IllegalArgumentException.class, () -> top.write(77L * PAGE, new byte[1]));
    assertEquals(List.of(), bottom.writes);
  }

  /** A page that is there twice gets both parts, in their order. */
  @Test
  void partsOfThePageThatIsThereTwiceAreBothWritten() {
    InspectedMemory twice = new Mapped(bottom, Map.of(0L, 1L, 1L, 1L, 2L, 1L));
    twice.write(PAGE, Arrays.copyOf(new byte[] {7}, PAGE + 1));
    assertEquals(2, bottom.writes.size());
    assertTrue(bottom.writes.getFirst().startsWith("1000 [7, 0, 0"));
    assertEquals("1000 [0]", bottom.writes.getLast());
  }

  @Test
  void aRegisterWithoutANameOrBitsIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> new RegisterDescription("", "general", 64));
    assertThrows(IllegalArgumentException.class, () -> new RegisterDescription("R", "", 64));
    assertThrows(IllegalArgumentException.class, () -> new RegisterDescription("R", "general", 0));
    assertEquals(1, new RegisterDescription("R", "general", 64).words());
    assertEquals(2, new RegisterDescription("R", "general", 80).words());
  }

  @Test
  void aFieldLiesWithinItsRegister() {
    List<RegisterField> fields = List.of(new RegisterField("EN", 0, 1, "it counts"), new RegisterField("TOP", 79, 1, ""));
    assertEquals(fields, new RegisterDescription("R", "general", 80, "Register", fields).fields());
    assertThrows(IllegalArgumentException.class, () -> new RegisterDescription("R", "general", 64, "Register", fields));
    assertEquals(List.of(), new RegisterDescription("R", "general", 64).fields());
    assertEquals(List.of(), new DeviceRegister("window", "R", 0, 4, "").fields());
  }
}
