// SPDX-License-Identifier: EPL-2.0
/** CPUs with the engines that execute them, whose turn it is, and what looks at them between two slices. */
package org.xenolith.machine.processors;
