### The words of vaccination schedules: vaccines, doses, conditions, and the schedules themselves. What belongs to what stands in
### data/immunization-schedule.json.

## Vaccines

vaccines-bcg = BCG (tuberculosis)
vaccines-opv = Oral polio
vaccines-ipv = Injected polio
vaccines-hepb = Hepatitis B
vaccines-dtp = Diphtheria, tetanus, whooping cough
vaccines-td = Tetanus, diphtheria (Td)
vaccines-rota = Rotavirus
vaccines-pcv = Pneumococcal conjugate
vaccines-ppsv = Pneumococcal
vaccines-mr = Measles, rubella
vaccines-je = Japanese encephalitis
vaccines-vita = Vitamin A
vaccines-flu = Influenza
vaccines-zoster = Shingles (zoster)
vaccines-covid = COVID-19

## Which dose

doses-at-birth = at birth
doses-6-weeks = at 6 weeks
doses-10-weeks = at 10 weeks
doses-14-weeks = at 14 weeks
doses-booster = booster
doses-6-weeks-pentavalent = at 6 weeks (pentavalent)
doses-10-weeks-pentavalent = at 10 weeks (pentavalent)
doses-14-weeks-pentavalent = at 14 weeks (pentavalent)
doses-booster-1-dpt = booster 1 (DPT)
doses-booster-2-dpt = booster 2 (DPT)
doses-9-months = at 9 months
doses-16-to-24-months = at 16 to 24 months
doses-dose-1 = dose 1
doses-dose-2 = dose 2
doses-dose-3 = dose 3
doses-dose-4 = dose 4
doses-dose-5 = dose 5
doses-dose-6 = dose 6
doses-dose-7 = dose 7
doses-dose-8 = dose 8
doses-dose-9 = dose 9
doses-10-years = at 10 years
doses-16-years = at 16 years
doses-early-in-pregnancy = early in pregnancy
doses-4-weeks-later = 4 weeks later
doses-every-10-years = every 10 years
doses-every-year = every year
doses-from-65-years = from 65 years

## Under which condition a dose is given

conditions-endemic-district = only in districts where the illness is common
conditions-pregnancy = only in pregnancy

## The schedules, as their publishers call them

sources-uip = National Immunization Schedule, Universal Immunization Programme, Ministry of Health and Family Welfare, Government of India
sources-adult = Adult immunization: Association of Physicians of India; position papers of the World Health Organization
