// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.machine.api.ModelDescription;
import org.xenolith.machine.api.ModelDescription.Option;

/**
 * A model says what it is, and is the same on every host and in every run: it asks nothing of what is around the machine, and nothing that a
 * guest does makes it throw.
 */
abstract class HostIndependenceContract extends ModelUnderTest {
  @Test
  protected final void describesItselfAndItsOptions() {
    ModelDescription description = factory().description();
    assertFalse(description.name().isBlank(), "a name, as on the data sheet");
    assertFalse(description.summary().isBlank(), "a summary of one sentence");
    assertFalse(description.reference().isBlank(), "the manual it is built from");
    assertEquals(description.options().stream().map(Option::name).distinct().toList(), description.options().stream().map(Option::name)
        .toList(), "each option once");
    for (Option option : description.options()) {
      assertTrue(option.name().matches("[a-z0-9]+(-[a-z0-9]+)*"), option.name() + ": lower-case words joined by '-'");
      assertFalse(option.meaning().isBlank(), option.name() + ": what it means");
      switch (option.type()) {
        case BOOLEAN -> assertTrue(option.initial().matches("true|false"), option.name() + "=" + option.initial());
        case INTEGER -> assertNotNull(Long.decode(option.initial()), option.name());
        case STRING -> assertNotNull(option.initial(), option.name());
      }
    }
  }

  /** A property with a slip of the pen is no error for OSGi: the model would never be made. */
  @Test
  protected final void itsComponentSaysWhatItMatches() throws IOException {
    MatchedProperties.check(factory().getClass());
  }

  /** Two runs can't show this: see {@link HostCalls}. */
  @Test
  protected final void asksNothingOfTheHost() throws IOException {
    assertEquals(List.of(), HostCalls.of(factory().getClass(), neededOfHost()));
  }

  /** Whatever library makes it. */
  @Test
  protected final void makesNoThread() {
    assertEquals(List.of(), MadeThreads.during(() -> {
      GuestExercise exercise = powered(SEEDS[0]);
      exercise.run(STEPS);
      exercise.replaceModel(factory());
      exercise.run(STEPS);
      exercise.removeModel();
    }), "places where a thread is made");
  }

  /** A guest can't throw, whatever it does. The bus's abort is an answer, not a failure. */
  @Test
  protected final void noAccessThrows() {
    for (long seed : SEEDS) {
      powered(seed).run(4 * STEPS);
    }
  }

  @Test
  protected final void theSameAccessesGiveTheSameAnswers() {
    for (long seed : SEEDS) {
      assertEquals(powered(seed).run(STEPS), powered(seed).run(STEPS), "two models, seed " + seed);
    }
  }
}
