/** The smallest picture that every network takes: 64 x 64 pixels, a square on blue, for examples of requests. */
export const EXAMPLE_PICTURE =
  'iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAMAAACdt4HsAAAABlBMVEU6bqXgoDB9DeH6AAAACXBIWXMAAAPoAAAD6AG1e1JrAAAAJklEQVRYw+3MMQEA' +
  'AAgDoNm/tAE8DDAIQALAMQ+BQCAQCAR9AZRboeQEAQ21hrEAAAAASUVORK5CYII=';
