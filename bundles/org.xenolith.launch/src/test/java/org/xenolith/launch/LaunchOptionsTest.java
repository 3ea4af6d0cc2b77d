// SPDX-License-Identifier: EPL-2.0
package org.xenolith.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.junit.jupiter.api.Test;
import org.xenolith.command.api.BadInput;
import org.xenolith.launch.api.LaunchOption;
import org.xenolith.launch.api.LaunchRequest;
import org.xenolith.launch.api.OptionDescription;
import org.xenolith.launch.api.OptionDescription.Form;

class LaunchOptionsTest {
  private record Option(OptionDescription description, BiConsumer<List<String>, LaunchRequest.Builder> parser) implements LaunchOption {
    @Override
    public void use(List<String> texts, LaunchRequest.Builder request) {
      parser.accept(texts, request);
    }
  }

  /** What a third party writes at least. */
  private record Speed() implements LaunchOption {
    @Override
    public OptionDescription description() {
      return OptionDescription.of("acme-speed", Form.TEXT, "Acme", 1000).outsideSnapshot();
    }

    @Override
    public void check(List<String> texts, Set<String> said) {
      if (!said.contains("board")) {
        throw new BadInput("it is about a board");
      }
    }
  }

  private static Option option(String name, int place, BiConsumer<List<String>, LaunchRequest.Builder> parser) {
    return new Option(OptionDescription.of(name, Form.TEXT, "Machine", place), parser);
  }

  private static final LaunchOption BOARD = option("board", 1, (texts, request) -> request.board(texts.getFirst()));
  private static final LaunchOption CPUS = option("cpus", 2, (texts, request) -> {
    if (!texts.getFirst().equals("2")) {
      throw new BadInput("'" + texts.getFirst() + "': expected 2");
    }
    request.cpus(2);
  });
  private static final LaunchOption LOAD = new Option(OptionDescription.of("load", Form.FOLDER, "Snapshot", 9).outsideSnapshot(),
      (texts, request) -> request.option("load", texts));
  private final LaunchOptions options = new LaunchOptions(List.of(new Speed(), LOAD, CPUS, BOARD));

  @Test
  void optionsStandInTheOrderOfTheirPlaces() {
    assertEquals(List.of(BOARD, CPUS, LOAD, new Speed()), options.inOrder());
  }

  @Test
  void eachPutsWhatIsSaidIntoTheRequest() {
    LaunchRequest request = options.request(Map.of("acme-speed", List.of("3"), "cpus", List.of("2")), "usual");
    assertEquals("usual", request.board());
    assertEquals(2, request.cpus().getAsInt());
    assertEquals(List.of("3"), request.option("acme-speed"));
    assertEquals("b", options.request(Map.of("board", List.of("b")), "usual").board());
  }

  @Test
  void whatIsWrongCarriesItsOption() {
    assertRefused("⟦cpus⟧ '3': expected 2", Map.of("cpus", List.of("3")));
    assertRefused("⟦cpus⟧: expected one value, got 2", Map.of("cpus", List.of("2", "2")));
    assertRefused("⟦nonsense⟧: no bundle that is installed has this option; there are acme-speed, board, cpus, load", Map.of("nonsense",
        List.of("1")));
    List<BadInput> faults = options.faults(Map.of("cpus", List.of("9"), "acme-speed", List.of("1")));
    assertEquals(List.of("cpus", "acme-speed"), faults.stream().map(e -> e.option().orElseThrow()).toList());
    assertEquals("⟦acme-speed⟧ it is about a board", faults.getLast().getMessage());
    assertEquals(List.of(), options.faults(Map.of("acme-speed", List.of("1"), "board", List.of("b"))));
  }

  private void assertRefused(String message, Map<String, List<String>> said) {
    assertEquals(message, assertThrows(BadInput.class, () -> options.request(said, "usual")).getMessage());
  }

  @Test
  void aSnapshotHasDecidedWhatItHolds() {
    assertRefused("⟦load⟧ and ⟦cpus⟧ exclude each other: board, guest and disks are the snapshot's", Map.of("load", List.of("f"), "cpus",
        List.of("2")));
    assertEquals("load", options.faults(Map.of("load", List.of("f"), "cpus", List.of("2"))).getFirst().option().orElseThrow());
    assertEquals(List.of("3"), options.request(Map.of("load", List.of("f"), "acme-speed", List.of("3")), "usual").option("acme-speed"));
    assertTrue(options.inSnapshot("cpus") && options.inSnapshot("nobodys"));
    assertFalse(options.inSnapshot("acme-speed"));
  }

  @Test
  void anOptionThatFailsTakesNobodyAlong() {
    LaunchOption broken = option("broken", 3, (texts, request) -> {
      throw new IllegalStateException("its own fault");
    });
    LaunchOption hopeless = new LaunchOption() {
      @Override
      public OptionDescription description() {
        throw new NoClassDefFoundError("gone");
      }
    };
    LaunchOptions both = new LaunchOptions(List.of(hopeless, broken, CPUS));
    assertEquals(List.of(CPUS, broken), both.inOrder());
    assertEquals("⟦broken⟧: the bundle that has this option failed: java.lang.IllegalStateException: its own fault",
        assertThrows(BadInput.class, () -> both.request(Map.of("broken", List.of("")), "usual")).getMessage());
    assertEquals(2, both.faults(Map.of("broken", List.of(""), "cpus", List.of("1"))).size());
  }

  @Test
  void ofTwoOfOneNameTheHigherRankingCounts() {
    LaunchOption other = option("cpus", 2, (texts, request) -> request.cpus(1));
    assertEquals(1, new LaunchOptions(List.of(CPUS, other)).request(Map.of("cpus", List.of("x")), "").cpus().getAsInt());
  }
}
