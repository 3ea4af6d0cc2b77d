// SPDX-License-Identifier: EPL-2.0
/** Words of the monitor prompt by which a machine is looked into, halted and stepped. */
package org.xenolith.inspect.commands;
