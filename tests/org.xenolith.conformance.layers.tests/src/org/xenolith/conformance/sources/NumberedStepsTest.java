// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.sources;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.conformance.layers.Checkout;

/** Steps of EFI's layers have names, and so have the numbers of their calls: who reviews a layer doesn't count along. */
class NumberedStepsTest {
  @Test
  void noLayerNumbersItsSteps() throws IOException {
    assertEquals("", String.join("\n", NumberedSteps.in(Checkout.root())),
        "name it: an enum of the layer's for the steps of a function, and one for the numbers of its call; see the README of efi.boot.api");
  }

  @Test
  void aNumberIsSeen() {
    for (String source : List.of("if (call.step() == 0) {", "if (call.step()\n    > FAILED) {", "return call.step() != 1 ? a : b;",
        "switch (call.step()) {",
        "call.get(3)", "call.set(ROOM, 4)", "call\n        .get(\n            0)", "call.get(LIST + i)", "EfiStep.call(1, function)",
        "EfiStep.touch(WRITTEN, access)", "new EfiStep.Go(7)", "new EfiStep.Wait(AGAIN, until)",
        "private EfiStep ask(Call call, int next, long device) {")) {
      assertEquals(1, NumberedSteps.in(source).size(), source);
    }
  }

  @Test
  void aNameIsNone() {
    for (String source : List.of("if (call.isAt(Step.READ)) {", "switch (call.step(Step.ALL)) {", "call.get(Slot.ROOM)",
        "call.set(Slot.LIST, 3, value)",
        "EfiStep.call(Step.READ, function)", "new EfiStep.Go(next)", "private EfiStep ask(Call call, Enum<?> next, long device) {",
        "// call.get(3)\n",
        "/** As {@code call.step() == 3}. */", "call.step() >= failing.ordinal()", "call.get(index)")) {
      assertEquals(List.of(), NumberedSteps.in(source));
    }
  }

  @Test
  void thePlaceIsSaid() {
    assertEquals(List.of("3: call.get(4)"), NumberedSteps.in("// one\n/* two */\n  long a = call.get(4);\n"));
  }
}
