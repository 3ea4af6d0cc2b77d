// SPDX-License-Identifier: EPL-2.0
package org.xenolith.fuzz.bounds;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** By which first byte an input names a {@link WorkingDevice}; another one's stays what it is, so that kept inputs go on to mean the same. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface DeviceNumber {
  /** 0 to 63. */
  int value();
}
