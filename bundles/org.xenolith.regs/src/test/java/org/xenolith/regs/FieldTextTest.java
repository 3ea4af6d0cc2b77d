// SPDX-License-Identifier: EPL-2.0
package org.xenolith.regs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FieldTextTest {
  /** Beside it lies a text. */
  private enum SaidRegister implements Register {
    CR, LOAD12, OTHER;

    @Override
    public RegisterSpec spec() {
      return RegisterSpec.at(4 * ordinal(), "");
    }
  }

  private static void refused(String message, String text) {
    assertEquals("T.fields, line " + message, assertThrows(IllegalArgumentException.class, () -> new FieldText("T.fields", text))
        .getMessage());
  }

  @Test
  void aRegisterIsSaidByTheTextBesideItsTable() {
    assertEquals(new RegisterWords("Control Register", false, List.of(new RegisterField("EN", 0, 1, ""), new RegisterField("MODE", 4, 2,
        "once, or again and again"))), SaidRegister.CR.words());
    assertEquals(0x31, SaidRegister.CR.words().named());
    assertEquals(new RegisterWords("Value of timer 12", true, List.of()), SaidRegister.LOAD12.words());
    assertEquals(-1, SaidRegister.LOAD12.words().named());
    assertEquals(RegisterWords.UNSAID, SaidRegister.OTHER.words());
    assertEquals(RegisterWords.UNSAID, ListedRegister.of("CR", 0, 4, "").words());
    assertEquals("Control Register", ListedRegister.of("CR", 0, 4, "").saidBy(SaidRegister.class).words().title());
    assertEquals(Set.of("VALUE#"), FieldText.beside(SaidRegister.class).unknown(List.of("CR", "LOAD0", "OTHER")));
  }

  @Test
  void theEndOfATitleIsThatOfTheName() {
    FieldText text = new FieldText("T.fields", "SR_A SR_B PORT#_A: Register <n> (<end>)\n  CLASS 31:26\n");
    assertEquals("Register <n> (B)", text.of("SR_B").title());
    assertEquals("Register 15 (A)", text.of("PORT15_A").title());
    assertEquals(0xFC00_0000L, text.of("SR_A").named());
  }

  @Test
  void namesWithSpacesAreInQuotes() {
    FieldText text = new FieldText("T.fields",
        "\"Header Type\" BIST: Other\n  whole\n\"Capability 0x#, word #\": Word <n> of: it\n  whole\n");
    assertEquals("Other", text.of("Header Type").title());
    assertEquals("Other", text.of("BIST").title());
    assertEquals("Word 12 of: it", text.of("Capability 0x1f, word 12").title());
    assertEquals(RegisterWords.UNSAID, text.of("Capability 0x1f, word 1f"));
    assertEquals(Set.of("Header Type", "BIST"), text.unknown(List.of("Capability 0x1, word 1")));
  }

  @Test
  void aTextThatMeansNothingIsRefusedWithItsLine() {
    refused("1: neither a register nor one of its fields: EN 0", "  EN 0\n");
    refused("2: neither a register nor one of its fields: EN", "CR: Control\n  EN\n");
    refused("3: neither a register nor one of its fields: EN 0", "CR: Control\n  whole\n  EN 0\n");
    refused("3: neither a register nor one of its fields: whole", "CR: Control\n  EN 0\n  whole\n");
    refused("3: B has a name or bits of A", "CR: Control\n  A 7:4\n  B 4:0\n");
    refused("3: A has a name or bits of A", "CR: Control\n  A 7:4\n  A 0\n");
    refused("2: A ends before it begins", "CR: Control\n  A 4:7\n");
    refused("3: CR is there twice", "CR: Control\n  whole\nCR: Control\n");
    assertEquals("T.fields: CR has neither fields nor the word 'whole'", assertThrows(IllegalArgumentException.class, () -> new FieldText(
        "T.fields", "CR: Control\n")).getMessage());
    assertTrue(new FieldText("T.fields", "# nothing\n\n").unknown(List.of()).isEmpty());
  }
}
