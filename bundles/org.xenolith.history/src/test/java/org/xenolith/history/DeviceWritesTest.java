// SPDX-License-Identifier: EPL-2.0
package org.xenolith.history;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.xenolith.history.DeviceWrites.Piece;
import org.xenolith.history.DeviceWrites.Range;
import org.xenolith.history.DeviceWrites.Write;
import org.xenolith.history.api.Moment;
import org.xenolith.machine.control.MachineInputs;

class DeviceWritesTest {
  private Optional<MachineInputs.Change> changed = Optional.empty();
  private final DeviceWrites known = new DeviceWrites((MachineInputs) Proxy.newProxyInstance(MachineInputs.class.getClassLoader(),
      new Class<?>[] {MachineInputs.class}, (proxy, method, words) -> changed));

  private static Moment at(long instructions) {
    return new Moment(instructions, instructions);
  }

  private static Write write(long instructions, long first, long length) {
    return new Write(at(instructions), first, length);
  }

  @Test
  void aPieceHasWhatWasWrittenBeforeAMomentTheLatestFirst() {
    Piece piece = new Piece(at(0), at(100), List.of(write(10, 0x1000, 4), write(20, 0x1004, 4), write(30, 0x1000, 8), write(40, 0x1000,
        4)));
    List<Range> first = List.of(new Range(0x1000, 4));
    assertEquals(List.of(at(30), at(10)), piece.before(at(40), first).toList());
    assertEquals(List.of(at(40), at(30), at(10)), piece.before(at(41), first).toList());
    assertEquals(List.of(at(30), at(20)), piece.before(at(100), List.of(new Range(0x1007, 1))).toList(), "bytes of a longer access");
    assertEquals(List.of(), piece.before(at(100), List.of(new Range(0x1008, 8))).toList());
    assertEquals(List.of(at(5)), new Piece(at(0), at(9), List.of(write(5, 1L << 63, 4))).before(at(9), List.of(new Range(1L << 63, 1)))
        .toList(), "a port");
  }

  @Test
  void aMomentIsInThePieceThatGoesBackFarthest() {
    known.add(new Piece(at(100), at(200), List.of()));
    known.add(new Piece(at(150), at(300), List.of()));
    assertEquals(Optional.empty(), known.around(at(100)).map(Piece::from), "what was written by then isn't in it");
    assertEquals(Optional.of(at(100)), known.around(at(200)).map(Piece::from));
    assertEquals(Optional.of(at(150)), known.around(at(201)).map(Piece::from));
    known.add(new Piece(at(50), at(400), List.of(write(60, 0, 1))));
    assertEquals(Optional.of(at(50)), known.around(at(300)).map(Piece::from));
  }

  @Test
  void whatIsKeptIsBoundedAndIsGoneWhenABundleChanges() {
    List<Write> many = Collections.nCopies(DeviceWrites.MOST, write(1, 0, 1));
    known.add(new Piece(at(0), at(100), many));
    known.add(new Piece(at(100), at(200), many));
    assertEquals(Optional.empty(), known.around(at(100)));
    assertEquals(Optional.of(at(100)), known.around(at(200)).map(Piece::from), "one stays");
    changed = Optional.of(new MachineInputs.Change(200, 200, "replaced", ""));
    assertEquals(Optional.empty(), known.around(at(200)));
  }
}
