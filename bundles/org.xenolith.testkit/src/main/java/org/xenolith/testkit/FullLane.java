// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * A class or a method of the full lane alone, {@code ./xenolith test --full}: the build leaves its tag out of the default lane, where such a
 * test isn't there rather than skipped.
 */
@Tag(FullLane.TAG)
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
public @interface FullLane {
  /** The tag, as {@code xenolith.excludedTags} of pom.xml names it. */
  String TAG = "full";
}
