// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.inspect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.xenolith.inspect.api.InspectedMemory;
import org.xenolith.inspect.api.InspectedProcessor;
import org.xenolith.inspect.api.InstructionText;
import org.xenolith.inspect.api.Mapping;
import org.xenolith.inspect.api.RegisterDescription;
import org.xenolith.inspect.api.TableEntry;
import org.xenolith.regs.RegisterField;

/** What every {@link InspectedProcessor} must do, whatever its architecture: a test class of its bundle extends this. */
public abstract class InspectedProcessorContract {
  private static final int ADDRESSES = 100_000;
  /** Addresses that are tried with one set of tables. */
  private static final int EACH = 500;
  private static final int PAGE = 4096;

  /** The processor, between two instructions. */
  protected abstract InspectedProcessor processor();

  /** All state of the processor and of its memory, as text. */
  protected abstract String state();

  /** Has other tables from now on, by which some addresses are mapped and others not, and code at a level of its own. */
  protected abstract void change(Random random);

  /** An address where something may be mapped, or not. */
  protected abstract long address(Random random);

  /**
   * The physical address of what a load at an address reads, executed by the processor now; empty if it ends in an exception. It may leave traces. What was translated
   * before isn't used.
   */
  protected abstract OptionalLong load(long address);

  /** Registers that software can read, by instructions and now, as far as the processor itself has them and no device; by the names that tables have. */
  protected abstract Set<String> readable();

  /** Registers that take any value of their width, and have that then, while no other one has another. */
  protected abstract Set<String> plain();

  private Map<String, List<Long>> values() {
    Map<String, List<Long>> values = new LinkedHashMap<>();
    processor().registers().forEach(register -> values.put(register.name(), LongStream.of(processor().value(register.name())).boxed()
        .toList()));
    return values;
  }

  @Test
  protected void aRegisterHasTheValueThatItIsGiven() {
    Random random = new Random(3);
    change(random);
    Set<String> names = new HashSet<>(plain());
    for (RegisterDescription register : processor().registers()) {
      if (names.remove(register.name())) {
        Map<String, List<Long>> expected = values();
        long[] value = random.longs(register.words()).toArray();
        value[value.length - 1] &= -1L >>> (Long.SIZE * value.length - register.bits());
        processor().set(register.name(), value);
        expected.put(register.name(), LongStream.of(value).boxed().toList());
        assertEquals(expected, values(), register.name());
      }
    }
    assertEquals(Set.of(), names, "it has no such registers");
  }

  /** Whatever it is given: each keeps its width, what it refuses changes nothing, and what it has itself it takes or refuses. */
  @Test
  protected void everyRegisterTakesAValueOrRefusesIt() {
    for (int seed = 0; seed < 8; seed++) {
      Random random = new Random(seed);
      change(random);
      for (RegisterDescription register : processor().registers()) {
        long[] own = processor().value(register.name());
        long[] value = random.nextInt(3) == 0 ? own : random.longs(register.words()).toArray();
        value[value.length - 1] &= -1L >>> (Long.SIZE * value.length - register.bits());
        String before = state();
        try {
          processor().set(register.name(), value);
          assertTrue(processor().settable(register.name()), register.name());
        } catch (IllegalArgumentException refused) {
          assertTrue(refused.getMessage().contains(register.name()), refused.getMessage());
          assertEquals(before, state(), register.name() + " was refused");
        }
        long[] now = processor().value(register.name());
        int rest = register.bits() & 63;
        assertTrue(rest == 0 || now[now.length - 1] >>> rest == 0, () -> register.name() + " has more bits than it says");
      }
    }
    assertThrows(IllegalArgumentException.class, () -> processor().set("NO_SUCH_REGISTER", 1));
  }

  @Test
  protected void bytesThatAreWrittenAreThereWhoeverLooks() {
    int written = 0;
    for (int seed = 0; seed < 40; seed++) {
      Random random = new Random(seed);
      change(random);
      for (int i = 0; i < 20; i++) {
        InspectedMemory memory = processor().memories().get(random.nextInt(processor().memories().size()));
        long address = address(random) & -PAGE | PAGE - 8;
        byte[] bytes = new byte[12];
        random.nextBytes(bytes);
        String before = state();
        OptionalLong first = memory.physical(address);
        try {
          memory.write(address, bytes);
        } catch (IllegalArgumentException refused) {
          assertEquals(before, state(), "nothing of it was written");
          continue;
        }
        assertArrayEquals(Arrays.copyOf(bytes, 8), processor().memories().getLast().read(first.orElseThrow(), 8).orElseThrow());
        written++;
      }
    }
    assertTrue(written > 20, written + " times");
  }

  @Test
  protected void registersHaveNamesOfTheirOwnAndValuesOfTheirWidth() {
    Set<String> names = new HashSet<>();
    Set<String> groups = new HashSet<>();
    String group = "";
    for (RegisterDescription register : processor().registers()) {
      assertTrue(names.add(register.name()), () -> register.name() + " is there twice");
      assertTrue(register.group().equals(group) || groups.add(register.group()), () -> register.group() + " is not together");
      group = register.group();
      long[] value = processor().value(register.name());
      assertEquals(register.words(), value.length, register.name());
      int rest = register.bits() & 63;
      assertTrue(rest == 0 || value[value.length - 1] >>> rest == 0, () -> register.name() + " has more bits than it says");
    }
    IllegalArgumentException unknown = assertThrows(IllegalArgumentException.class, () -> processor().value("NO_SUCH_REGISTER"));
    assertTrue(unknown.getMessage().contains("NO_SUCH_REGISTER"), unknown.getMessage());
  }

  @Test
  protected void everyRegisterHasTheManualsWords() {
    for (RegisterDescription register : processor().registers()) {
      assertFalse(register.title().isEmpty(), () -> register.name() + " has no title in the text beside its table");
      Set<String> names = new HashSet<>();
      int above = -1;
      for (RegisterField field : register.fields()) {
        assertTrue(field.low() > above && names.add(field.name()), () -> register.name() + "." + field.name()
            + " has a name or bits of another");
        above = field.high();
      }
    }
  }

  /** A register whose bits can be changed one by one has fields that they belong to, unless it is one value. */
  @Test
  protected void everyBitThatCanBeChangedBelongsToAField() {
    Set<String> without = new TreeSet<>();
    for (int seed = 0; seed < 4; seed++) {
      for (RegisterDescription register : processor().registers()) {
        change(new Random(seed));
        if (!register.fields().isEmpty() && processor().settable(register.name())) {
          long named = register.fields().stream().mapToLong(RegisterField::mask).reduce(0, (some, more) -> some | more);
          for (int bit = 0; bit < Math.min(register.bits(), Long.SIZE); bit++) {
            if ((named >>> bit & 1) == 0 && changes(register.name(), bit)) {
              without.add(register.name() + ", bit " + bit);
            }
          }
        }
      }
    }
    assertEquals(Set.of(), without);
  }

  private boolean changes(String name, int bit) {
    long[] own = processor().value(name);
    long[] other = own.clone();
    other[0] ^= 1L << bit;
    try {
      processor().set(name, other);
    } catch (IllegalArgumentException refused) {
      return false;
    }
    return ((processor().value(name)[0] ^ own[0]) >>> bit & 1) != 0;
  }

  @Test
  protected void whatSoftwareCanReadIsARegister() {
    Set<String> missing = new HashSet<>(readable());
    assertFalse(missing.isEmpty());
    processor().registers().forEach(register -> missing.remove(register.name()));
    assertEquals(Set.of(), missing);
  }

  @Test
  protected void memoriesLeadToPhysicalMemory() {
    List<InspectedMemory> all = processor().memories();
    assertTrue(all.contains(processor().memory()));
    assertEquals("physical", all.getLast().name());
    assertTrue(all.getLast().below().isEmpty());
    Set<String> names = new HashSet<>();
    for (InspectedMemory each : all) {
      assertTrue(names.add(each.name()), each::name);
      each.below().ifPresent(below -> assertTrue(all.contains(below), each::name));
      assertTrue(each.below().isPresent() || each == all.getLast(), each::name);
    }
  }

  /** A translation is what a load makes of it, and the walk that leads to it ends in an entry that has its address. */
  @Test
  protected void translationsAreThoseOfLoads() {
    int mapped = 0;
    for (int seed = 0; seed < ADDRESSES / EACH; seed++) {
      Random random = new Random(seed);
      change(random);
      for (int i = 0; i < EACH; i++) {
        long address = address(random);
        InspectedMemory memory = processor().memory();
        OptionalLong seen = allowed(memory, address) ? memory.physical(address) : OptionalLong.empty();
        assertEquals(load(address), seen, () -> "0x" + Long.toHexString(address) + ", " + processor().place() + ", " + memory.walk(
            address));
        mapped += seen.isPresent() ? 1 : 0;
      }
    }
    assertTrue(mapped > ADDRESSES / 20 && mapped < ADDRESSES * 19 / 20, mapped + " addresses were mapped");
  }

  private static boolean allowed(InspectedMemory memory, long address) {
    Optional<Mapping> found = memory.translate(address);
    if (found.isEmpty() || !found.get().read()) {
      return false;
    }
    InspectedMemory below = memory.below().orElseThrow();
    return below.below().isEmpty() || allowed(below, found.get().address());
  }

  @Test
  protected void lookingLeavesNoTrace() {
    for (int seed = 0; seed < 20; seed++) {
      Random random = new Random(seed);
      change(random);
      String before = state();
      processor().registers().forEach(register -> processor().value(register.name()));
      processor().place();
      for (InspectedMemory memory : processor().memories()) {
        for (int i = 0; i < 200; i++) {
          long address = i % 4 == 0 ? random.nextLong() : address(random);
          memory.translate(address);
          memory.walk(address);
          memory.physical(address);
          memory.read(address, 1 + random.nextInt(9000));
        }
      }
      processor().calls(64, address -> random.nextInt(3) == 0 ? -1 : address & -64);
      processor().disassemble(address(random), 10);
      assertEquals(before, state());
    }
  }

  @Test
  protected void bytesAreThoseOfThePagesThatTheyLieIn() {
    Random random = new Random(1);
    int seen = 0;
    for (int seed = 0; seed < 40; seed++) {
      change(random);
      InspectedMemory memory = processor().memory();
      InspectedMemory physical = processor().memories().getLast();
      for (int i = 0; i < 50; i++) {
        long address = (address(random) | 0xFFF) - 3;
        List<Byte> single = new ArrayList<>();
        for (int k = 0; k < 8; k++) {
          OptionalLong at = memory.physical(address + k);
          Optional<byte[]> one = at.isEmpty() ? Optional.empty() : physical.read(at.getAsLong(), 1);
          one.ifPresent(found -> single.add(found[0]));
        }
        Optional<byte[]> all = memory.read(address, 8);
        assertEquals(single.size() == 8, all.isPresent());
        for (int k = 0; all.isPresent() && k < 8; k++) {
          assertEquals(single.get(k), all.get()[k]);
        }
        seen += all.isPresent() ? 1 : 0;
      }
    }
    assertTrue(seen > 20, seen + " times");
  }

  @Test
  protected void aWalkReadsTheEntriesThatAreInMemory() {
    Random random = new Random(2);
    int read = 0;
    for (int seed = 0; seed < 40; seed++) {
      change(random);
      InspectedMemory physical = processor().memories().getLast();
      for (int i = 0; i < 50; i++) {
        List<TableEntry> entries = processor().memory().walk(address(random));
        for (TableEntry entry : entries) {
          byte[] bytes = physical.read(entry.address(), entry.bytes()).orElseThrow();
          long value = 0;
          for (int k = 0; k < entry.bytes(); k++) {
            value |= (bytes[k] & 0xFFL) << 8 * k;
          }
          assertEquals(value, entry.value(), entry.table());
        }
        read += entries.size();
      }
    }
    assertTrue(read > 100, read + " entries");
  }

  @Test
  protected void textsOfInstructionsFollowOneAnother() {
    long at = processor().place().address();
    List<InstructionText> texts = processor().disassemble(at, 3);
    assertEquals(3, texts.size());
    for (InstructionText each : texts) {
      assertEquals(at, each.address());
      assertTrue(each.length() > 0 && !each.text().isEmpty(), each::toString);
      at += each.length();
    }
  }
}
