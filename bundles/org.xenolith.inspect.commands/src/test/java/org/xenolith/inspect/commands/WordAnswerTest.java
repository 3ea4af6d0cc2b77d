// SPDX-License-Identifier: EPL-2.0
package org.xenolith.inspect.commands;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.inspect.kit.Texts;

class WordAnswerTest {
  @Test
  void dataIsWrittenAsJson() {
    WordAnswer answer = new WordAnswer("", WordAnswer.map("name", "a \"b\" \\ \n\u007f", "bits", 64, "set", true, "list", List.of(WordAnswer
        .map("x", WordAnswer
            .hex(-1L)), 2)));
    assertEquals(
        "{\"name\": \"a \\\"b\\\" \\\\ \\u000a\\u007f\", \"bits\": 64, \"set\": true, \"list\": [{\"x\": \"0xffffffffffffffff\"}, 2]}\n",
        answer
            .json());
  }

  @Test
  void whatHasNoDataOfItsOwnHasItsLines() {
    assertEquals("{\"text\": [\"one\", \"two\"]}\n", WordAnswer.of("one\ntwo\n").json());
  }

  @Test
  void valuesHaveTheDigitsOfTheirBits() {
    assertEquals("0x05", Texts.value(new long[] {5}, 8));
    assertEquals("0x00000000000000010000000000000002", Texts.value(new long[] {2, 1}, 128));
    assertEquals("0x0001", Texts.value(new long[] {1}, 15));
  }

  @Test
  void whatIsNearIsFoundInAnyCase() {
    assertEquals("; did you mean TCR_EL1?", Texts.near("tcr_el1x", List.of("TCR_EL1", "SP"), "no"));
    assertEquals("no", Texts.near("nothing", List.of("TCR_EL1", "SP"), "no"));
  }
}
