// SPDX-License-Identifier: EPL-2.0
/** How an application builds, drives and changes machines. */
package org.xenolith.machine.control;
