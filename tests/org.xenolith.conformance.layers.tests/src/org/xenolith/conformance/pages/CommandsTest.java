// SPDX-License-Identifier: EPL-2.0
package org.xenolith.conformance.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.xenolith.conformance.layers.Checkout;

/** Every command that a page shows is run by a test, or says why not. */
class CommandsTest {
  private final Commands commands = new Commands(Checkout.root());

  @Test
  void everyCommandIsRunOrSaysWhyNot() throws IOException {
    List<String> problems = new ArrayList<>();
    for (Path page : commands.pages()) {
      problems.addAll(commands.problems(page));
    }
    assertEquals("", String.join("\n", problems));
  }

  @Test
  void everyTestThatGoesThroughPagesExists() throws IOException {
    for (String test : Commands.RUN.values()) {
      assertTrue(commands.exists(test, ""), test);
    }
  }

  @Test
  void aCommandThatNobodyRunsIsFound() throws IOException {
    assertEquals(1, commands.problems("CONTRIBUTING.md", List.of("```", "./xenolith boot", "```")).size());
    assertEquals(1, commands.problems("CONTRIBUTING.md", List.of("```sh", "./xenolith boot", "```")).size());
    assertEquals(1, commands.problems("README.md", List.of("```", "./xenolith boot", "```")).size());
    assertEquals(1, commands.problems("README.md", List.of("<!-- run by NoTest.atAll -->", "```", "./xenolith boot", "```")).size());
    assertEquals(1, commands.problems("README.md", List.of("<!-- not run: no -->", "```", "./xenolith boot", "```")).size());
    assertEquals(List.of(), commands.problems("README.md", List.of("```sh", "./xenolith boot", "```")));
    assertEquals(List.of(), commands.problems("README.md", List.of("<!-- not run: it needs a window -->", "```", "./xenolith x", "```")));
    assertEquals(List.of(), commands.problems("README.md", List.of("```", "a picture", "```")));
  }
}
