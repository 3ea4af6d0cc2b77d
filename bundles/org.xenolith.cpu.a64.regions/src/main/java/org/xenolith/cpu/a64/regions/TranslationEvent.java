// SPDX-License-Identifier: EPL-2.0
package org.xenolith.cpu.a64.regions;

import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** For JDK Flight Recorder: a region was translated, for so long. */
@Name("org.xenolith.Translation")
@Label("Translation of a region")
@Description("Guest instructions became a class that the JVM can compile")
@Category("Xenolith")
@StackTrace(false)
final class TranslationEvent extends Event {
  /** Guest instructions that it holds. */
  @Label("Instructions")
  int instructions;
  /** Places where it is entered. */
  @Label("Entries")
  int entries;
  /** Of its class file. */
  @Label("Size") @DataAmount
  int bytes;
}
