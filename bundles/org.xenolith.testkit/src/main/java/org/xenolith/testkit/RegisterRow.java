// SPDX-License-Identifier: EPL-2.0
package org.xenolith.testkit;

import org.xenolith.regs.Register;
import org.xenolith.regs.RegisterSpec;

/**
 * A row of a register table that a test writes down itself, for a model without a table of its own: a few ports, words of a memory, a group
 * of registers that are counted.
 *
 * @param name as in the manual, or what a failure is to call it
 */
public record RegisterRow(String name, RegisterSpec spec) implements Register {}
