// SPDX-License-Identifier: EPL-2.0
/** The run loop: slices and safe points, what comes in there, and what power does. */
package org.xenolith.machine.run;
