// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit.scenario;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test that a scenario must pass. The scenario is run after the {@code @BeforeEach} methods; if it fails, so does the test,
 * with the scenario's report. Otherwise the method is called, which may have the {@code ScenarioResult} as its parameter.
 *
 * <p>The test must run in an OSGi framework with the bundle {@code org.xenolith.scenario} and what it needs.
 */
@Test
@ExtendWith(ScenarioExtension.class)
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface ScenarioTest {
  /** The file; a relative one in the folder that the system property {@code xenolith.root} names, else in the working folder. */
  String value();

  /** What {@code ${name}} stands for in the file, each as {@code NAME=VALUE}. */
  String[] properties() default {};
}
