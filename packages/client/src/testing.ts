/** What tests of controllers need: a clock to turn, a world in memory that records what is asked of it, a cache fed by hand. */
export { ControllerFixture, type FixtureOptions, type RecordedEvent } from './testing/controller-fixture.js'
export { FakeClock } from './testing/fake-clock.js'
export { type Action, type FailureRule, RecordingClient } from './testing/recording-client.js'
export { settled } from './testing/settled.js'
