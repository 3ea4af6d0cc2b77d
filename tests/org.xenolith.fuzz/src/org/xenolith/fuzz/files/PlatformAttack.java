// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.files;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.xenolith.fdt.Fdt;
import org.xenolith.fdt.FdtReader;
import org.xenolith.fuzz.Attack;
import org.xenolith.fuzz.InputBytes;
import org.xenolith.platform.api.BoardProvider;
import org.xenolith.platform.api.BoardProvider.BoardRequest;
import org.xenolith.platform.api.Finding;
import org.xenolith.platform.api.PlatformException;
import org.xenolith.platform.api.PlatformReader;
import org.xenolith.platform.api.TopologyStore;
import org.xenolith.platform.loader.PlatformLoaderComponent;

/** Topology files: each is checked, made a board, and that a tree and a platform for whatever it says it can be asked for. */
public final class PlatformAttack implements Attack {
  private static final String FILE = "input.platform";
  private static final String BLOB = "input.dtb";
  private static final int MOST_REQUESTS = 24;
  /** A board with all that a file can have: raw properties, options, each kind of choice, edits, what excludes what. */
  private static final String BOARD = """
      <?xml version="1.0" encoding="UTF-8"?>
      <platform:Platform xmi:version="2.0" xmlns:xmi="http://www.omg.org/XMI" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
          xmlns:platform="urn:xenolith:platform:1" name="acme" summary="A board." mostCpus="4" leastMemory="32M" mostMemory="2G">
        <root>
          <properties>#address-cells = 0x1</properties>
          <properties>#size-cells = 0x1</properties>
          <properties>interrupt-parent = 0x1</properties>
          <nodes name="chosen">
            <properties>kaslr-seed = 0x1 0x2</properties>
          </nodes>
          <nodes name="cpus">
            <properties>#address-cells = 0x1</properties>
            <properties>#size-cells = 0x0</properties>
            <nodes name="cpu@0">
              <properties>device_type = 'cpu'</properties>
              <properties>reg = 0x0</properties>
            </nodes>
          </nodes>
          <nodes name="memory@40000000">
            <properties>device_type = 'memory'</properties>
            <properties>reg = 0x40000000 0x10000000</properties>
          </nodes>
          <nodes name="intc@1000">
            <properties>compatible = 'acme,gic'</properties>
            <properties>reg = 0x1000 0x1000</properties>
            <properties>interrupt-controller</properties>
            <properties>#interrupt-cells = 0x3</properties>
            <properties>phandle = 0x1</properties>
          </nodes>
          <nodes name="uart@2000">
            <properties>compatible = 'acme,uart'</properties>
            <properties>reg = 0x2000 0x100</properties>
            <properties>interrupts = 0x0 0x1 0x4</properties>
            <properties>mac = [02 00 5e]</properties>
            <options xsi:type="platform:BooleanOption" name="stuck-bit" value="true"/>
          </nodes>
          <nodes name="slot@3000">
            <properties>reg = 0x3000 0x10</properties>
          </nodes>
        </root>
        <choices name="mode" standard="plain">
          <variants value="plain"/>
          <variants value="fast" implies="rtc=on">
            <edits node="/uart@2000" after="reg">
              <properties>acme,fast</properties>
            </edits>
          </variants>
        </choices>
        <choices name="rtc" standard="off">
          <variants value="off"/>
          <variants value="on">
            <edits node="/">
              <nodes name="rtc@4000">
                <properties>reg = 0x4000 0x100</properties>
              </nodes>
              <removes>slot@3000</removes>
            </edits>
            <edits node="/uart@2000" with="mode=fast">
              <properties>acme,clock = 0x1</properties>
            </edits>
          </variants>
        </choices>
        <choices xsi:type="platform:CountChoice" name="slots" nodes="slot"/>
        <choices xsi:type="platform:NumberChoice" name="seed" node="/chosen" property="kaslr-seed"/>
        <refusals with="mode=fast rtc=off" possible="mode=plain, or rtc=on"/>
      </platform:Platform>
      """;

  private final Scratch scratch = new Scratch();
  private PlatformReader reader;
  private TopologyStore store;

  @Override
  public String word() {
    return "platform";
  }

  @Override
  public String says() {
    return "a topology file, or changes of a board's: checked, made a board, its variants trees and platforms";
  }

  @Override
  public List<String> instrumented() {
    return List.of("org.xenolith.platform.**");
  }

  @Override
  public void fresh() {
    reader = PlatformLoaderComponent.plain(Map.of());
    store = (TopologyStore) reader;
  }

  @Override
  public List<String> execute(byte[] input) {
    byte[] content = input.length > 0 && input[0] == '<' ? input : changed(input);
    Path file = scratch.write(FILE, content);
    Reading reading = new Reading(content);
    List<?>[] findings = {List.of()};
    reading.done("the check", "", List.of(), () -> findings[0] = store.check(file));
    boolean sound = true;
    for (Object one : findings[0]) {
      Finding finding = (Finding) one;
      sound &= finding.severity() != Finding.Severity.ERROR;
      reading.expect(!finding.what().isBlank(), "a finding at " + finding.node() + " says nothing");
    }
    BoardProvider[] board = new BoardProvider[1];
    boolean read = reading.done("the reader", "input", List.of(PlatformException.class), () -> board[0] = reader.board(file));
    reading.expect(read || !sound, "a file is refused in which the check finds no error");
    if (read) {
      boolean made = tree(reading, board[0], board[0].standard());
      reading.expect(made || !sound, "a board can't be made in whose file the check finds no error");
      variants(reading, board[0]);
      if (made) {
        exported(reading, file);
      }
    }
    reading.wrong().addAll(scratch.left(FILE, BLOB));
    return reading.wrong();
  }

  private boolean tree(Reading reading, BoardProvider board, BoardRequest request) {
    Fdt[] tree = new Fdt[1];
    return reading.done("the board", "", List.of(PlatformException.class), () -> tree[0] = board.tree(request)) && reading.done(
        "the platform", "input", List.of(PlatformException.class), () -> reader.platform("input", tree[0], board.options()));
  }

  /** Each value of each choice alone; a value that isn't literal is in capitals. */
  private void variants(Reading reading, BoardProvider board) {
    Map<?, ?>[] choices = {Map.of()};
    if (!reading.done("the choices", "", List.of(PlatformException.class), () -> choices[0] = board.choices())) {
      return;
    }
    int requests = 0;
    for (Map.Entry<?, ?> choice : choices[0].entrySet()) {
      for (Object value : (List<?>) choice.getValue()) {
        if (requests++ < MOST_REQUESTS) {
          tree(reading, board, new BoardRequest(2, 64 << 20, Map.of((String) choice.getKey(), (String) value)));
        }
      }
    }
  }

  private void exported(Reading reading, Path file) {
    Path blob = scratch.folder().resolve(BLOB);
    reading.done("the export", "", List.of(), () -> {
      store.exportTree(file, blob);
      reading.expect(FdtReader.read(Files.readAllBytes(blob)).equals(store.tree(file)), "the tree that was exported is another one");
    });
  }

  private static byte[] changed(byte[] input) {
    InputBytes in = new InputBytes(input);
    boolean lines = (in.next() & 1) != 0;
    byte[] content = BOARD.getBytes(StandardCharsets.ISO_8859_1);
    List<String> text = BOARD.lines().toList();
    while (!in.end()) {
      if (lines) {
        text = Edits.lines(in, text);
      } else {
        content = Edits.bytes(in, content);
      }
    }
    return lines ? String.join("\n", text).getBytes(StandardCharsets.ISO_8859_1) : content;
  }
}
